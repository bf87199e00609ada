"""Becomes another program that may make the system calls of a list alone, and no memory executable:
what systemd does with SystemCallFilter and MemoryDenyWriteExecute.

restricted.py LIST PROGRAM ARGUMENTS…; LIST is a file with a name in each line. It imports nothing
of the project.
"""

import ctypes
import errno
import os
import sys
from pathlib import Path

ERRNO_EPERM = 0x00050000 | errno.EPERM
ALLOW = 0x7FFF0000
PR_SET_MDWE, MDWE_REFUSE_EXEC_GAIN = 65, 1
UNKNOWN = -1


def allow_alone(names: list[str]) -> None:
    """Every other system call ends with EPERM from now on, here and in all that follows."""
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(ERRNO_EPERM))
    for name in names:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number != UNKNOWN:
            seccomp.seccomp_rule_add(context, ALLOW, number, 0)
    if seccomp.seccomp_load(context):
        raise SystemExit("the filter was not taken")


def main() -> None:
    """Restrict, then become the program."""
    names = Path(sys.argv[1]).read_text(encoding="ascii").split()
    ctypes.CDLL(None).prctl(PR_SET_MDWE, MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)  # kernels from 6.3 on
    allow_alone(names)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the test's own program


if __name__ == "__main__":
    main()
