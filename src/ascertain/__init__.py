"""Ascertain: what does the evidence support, at which standard of proof, as of which date?

import ascertain
inquiry = ascertain.new("idlib", reference="syria-cw")
result = inquiry.check(Path("statement.txt"))
"""

from ascertain.inquiry import Inquiry
from ascertain.inquiry import join_inquiry as join
from ascertain.inquiry import new_inquiry as new
from ascertain.inquiry import open_inquiry as open
from ascertain.jobs.given import Given

__all__ = ["Given", "Inquiry", "join", "new", "open"]
