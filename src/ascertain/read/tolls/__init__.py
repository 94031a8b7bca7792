"""How many were killed, injured, displaced …, of whom, and who says so: tolls as ranges with the words behind them."""

from ascertain.read.tolls.cells import cell_toll
from ascertain.read.tolls.claims import toll_claims
from ascertain.read.tolls.find import find_tolls
from ascertain.read.tolls.toll import Kind, Role, Scope, Toll

__all__ = ["Kind", "Role", "Scope", "Toll", "cell_toll", "find_tolls", "toll_claims"]
