"""How a server in a cluster starts: by what its image calls `jupyterhub-singleuser`, without a package that nobody needs.

Images with the packages of the Python index have rfc3987-syntax: jsonschema takes it where it is there, for two formats that no
part of Jupyter uses, and importing it builds a grammar, in half of the processor time of a server's start.
"""

from __future__ import annotations

USUAL = "jupyterhub-singleuser"

# Its own directory comes first, as for every script; Python puts the home there otherwise, whose files would take the place of
# modules. What is imported stays: looking for garbage in it meanwhile finds none.
PROGRAM = """
import sys
sys.argv = sys.argv[1:]
sys.modules["rfc3987_syntax"] = None
if sys.path[0] == "":
    sys.path[0] = sys.argv[0].rpartition("/")[0]
import gc
import runpy
gc.disable()
try:
    import jupyterhub.singleuser
except ImportError:
    pass
gc.freeze()
gc.enable()
runpy.run_path(sys.argv[0], run_name="__main__")
"""

# By the Python that the program names in its first line; any other program runs as it is.
SHELL = f"""
start=$1
shift
program=$(command -v {USUAL}) && IFS= read -r first < "$program" || first=
case $first in
  '#!/'*python | '#!/'*python3 | '#!/'*python3.[0-9]*) exec ${{first#??}} -c "$start" "$program" "$@" ;;
  *) exec {USUAL} "$@" ;;
esac
"""


def lighter(command: object) -> object:
    """The usual command of a server, started with less; any other is given back as it is."""
    return ["sh", "-c", SHELL, USUAL, PROGRAM] if command in (USUAL, [USUAL]) else command
