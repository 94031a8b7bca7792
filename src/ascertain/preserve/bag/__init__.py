"""BagIt bags (RFC 8493, versions 0.93 to 1.0) as strangers send them: read strictly, every problem named."""

from ascertain.preserve.bag.names import Problem
from ascertain.preserve.bag.reading import Bag, read_bag

__all__ = ["Bag", "Problem", "read_bag"]
