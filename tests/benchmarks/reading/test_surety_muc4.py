from reading.surety_muc4 import confidence, fillers, fold_of, keys, mentions_of, score_confidence, score_files

KEY = """
0.  MESSAGE: ID                     DEV-MUC3-0007 (MADE)
1.  MESSAGE: TEMPLATE               1
4.  INCIDENT: TYPE                  BOMBING
10. PERP: ORGANIZATION ID           "THE BRIGADE" / "BRIGADE"
                                    "LEAGUE"
11. PERP: ORGANIZATION CONFIDENCE   CLAIMED OR ADMITTED / POSSIBLE: "THE BRIGADE" / "BRIGADE"
                                    ? SUSPECTED OR ACCUSED BY AUTHORITIES: "LEAGUE"
12. PHYS TGT: ID                    "BRIDGE"
"""


def made(folder):
    (folder / "key-dev-0001.muc4").write_text(KEY, "latin-1")
    return folder


def template(name, value):
    roles = {"PerpInd": [], "PerpOrg": [[name]], "Target": [["bridge"]], "Victim": [], "Weapon": []}
    return {"incident_type": "bombing", **roles, "confidence": {"PerpOrg": [value]}}


def test_a_filler_has_every_value_that_the_key_allows_and_optional_ones_are_marked(tmp_path):
    one, other = fillers(made(tmp_path))
    assert [str(value) for value in one.values] == ["CLAIMED OR ADMITTED", "POSSIBLE"]
    assert (one.names, one.optional, other.optional) == (("THE BRIGADE", "BRIGADE"), False, True)
    assert [str(value) for value in other.values] == ["SUSPECTED OR ACCUSED BY AUTHORITIES"]


def test_a_filler_is_right_when_organisation_and_value_are(tmp_path):
    gold = keys(made(tmp_path))
    assert score_confidence({"DEV-MUC3-0007": [template("brigade", "possible")]}, gold)["F"] == 1
    assert score_confidence({"DEV-MUC3-0007": [template("brigade", "reported as fact")]}, gold)["F"] == 0
    assert score_confidence({"DEV-MUC3-0007": [template("league", "possible")]}, gold)["F"] == 0
    assert score_confidence({}, gold)["recall"] == 0


def test_a_file_is_scored_for_some_documents(tmp_path):
    (tmp_path / "said").write_text("", "utf-8")
    assert score_files(tmp_path / "said", made(tmp_path), frozenset({"DEV-MUC3-0007"}))["recall"] == 0


def test_names_are_found_across_lines_and_the_longest_first():
    body = "The People's\nBrigade and the Brigade."
    found = mentions_of(body, ("BRIGADE", "PEOPLE'S BRIGADE"))
    assert [body[one.start : one.end] for one in found] == ["People's\nBrigade", "Brigade"]


def test_confidence_of_an_organisation_that_a_reader_found():
    assert confidence("THE BRIGADE CLAIMED RESPONSIBILITY FOR THE BOMB.", "brigade", []) == "claimed or admitted"
    assert fold_of("DEV-MUC3-0007") == 2
