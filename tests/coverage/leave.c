/* leave.c - _exit in a build for coverage: what was executed is written down first. Linked in by mk/coverage.mk with --wrap=_exit. */

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

_Noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
