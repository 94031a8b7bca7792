"""Ed25519 (RFC 8032) under one strict policy, so that every program gives the same answer to the same signature.

RFC 8032 leaves room: implementations differ on points of small order, on encodings that are not canonical, and on
whether the check is multiplied by the cofactor ("Taming the many EdDSAs", Chalkias, Garillot, Nikolaenko, 2020).
Where programs differ, a tamperer can make a record that verifies for one reader and not for another. So here a key and
the first half of a signature must both be canonical encodings of points of prime order, and the second half must be
smaller than that order. For these all the published variants of the check agree. An honest signer makes no others.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64

_FIELD = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_CURVE = -121665 * pow(121666, -1, _FIELD) % _FIELD
_ROOT_OF_MINUS_ONE = pow(2, (_FIELD - 1) // 4, _FIELD)

Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, x·y = T/Z
_NEUTRAL: Point = (0, 1, 1, 0)


def is_valid(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature over a message holds for a public key, by the policy of this module."""
    if len(signature) != SIGNATURE_BYTES or not is_key(key):
        return False
    commitment, response = signature[:32], int.from_bytes(signature[32:], "little")
    if response >= _ORDER or not _is_of_prime_order(commitment):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)
def is_key(key: bytes) -> bool:
    """Whether 32 bytes are the canonical encoding of a public key of prime order."""
    return len(key) == KEY_BYTES and _is_of_prime_order(key)


def _is_of_prime_order(encoded: bytes) -> bool:
    point = _decoded(encoded)
    if point is None or _is_neutral(point):
        return False
    return _is_neutral(_multiplied(point, _ORDER))


def _decoded(encoded: bytes) -> Point | None:
    """A point from its 32 bytes (RFC 8032, section 5.1.3); None when they are no point, or not its canonical bytes."""
    number = int.from_bytes(encoded, "little")
    odd, y = number >> 255, number & (2**255 - 1)
    if y >= _FIELD:
        return None
    square = (y * y - 1) * pow(_CURVE * y * y + 1, -1, _FIELD) % _FIELD
    x = pow(square, (_FIELD + 3) // 8, _FIELD)
    if (x * x - square) % _FIELD:
        x = x * _ROOT_OF_MINUS_ONE % _FIELD
    if (x * x - square) % _FIELD or (x == 0 and odd):
        return None
    x = _FIELD - x if x & 1 != odd else x
    return x, y, 1, x * y % _FIELD


def _multiplied(point: Point, factor: int) -> Point:
    total = _NEUTRAL
    for digit in bin(factor)[2:]:
        total = _added(total, total)
        if digit == "1":
            total = _added(total, point)
    return total


def _added(one: Point, other: Point) -> Point:
    """The sum of two points (RFC 8032, section 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _FIELD
    b = (one[1] + one[0]) * (other[1] + other[0]) % _FIELD
    c = 2 * one[3] * other[3] * _CURVE % _FIELD
    d = 2 * one[2] * other[2] % _FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _FIELD, g * h % _FIELD, f * g % _FIELD, e * h % _FIELD


def _is_neutral(point: Point) -> bool:
    return point[0] % _FIELD == 0 and (point[1] - point[2]) % _FIELD == 0
