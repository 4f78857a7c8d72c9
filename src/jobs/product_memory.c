/* product_memory.c - the blocks of one job's numbers. See product_memory.h for why the way out of GMP is sound.
 *
 * Each block has a head in front of it that links it into its thread's list. Nothing is shared between threads. */
#include "jobs/product_memory.h"

#include <errno.h>
#include <gmp.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/sys.h"

struct block {
    alignas(max_align_t) struct block *next;
    struct block **link; /* what points to this one: the list, or the block before it */
};

/* Of this thread; not a variable of product_memory_run, for those may be lost in a longjmp. */
struct arena {
    struct block *blocks;
    size_t wanted_bytes; /* of the block that could not be had */
    jmp_buf way_out;
    bool may_leave;
};
static _Thread_local struct arena arena;

static void link_in(struct block *block)
{
    block->next = arena.blocks;
    block->link = &arena.blocks;
    if (block->next)
        block->next->link = &block->next;
    arena.blocks = block;
}

static void take_out(struct block *block)
{
    *block->link = block->next;
    if (block->next)
        block->next->link = block->link;
}

static struct block *head_of(void *memory)
{
    return (struct block *)memory - 1;
}

/* Numbers that are made outside of any job have nowhere to go back to: they end the process, as GMP itself would. */
static _Noreturn void leave(size_t wanted_bytes)
{
    if (!arena.may_leave) {
        fprintf(stderr, "juggler: no memory for a number of %zu bytes\n", wanted_bytes);
        abort();
    }
    arena.wanted_bytes = wanted_bytes;
    longjmp(arena.way_out, 1);
}

/* --- for GMP -------------------------------------------------------------------------------------- */

static void *alloc_or_leave(size_t bytes)
{
    void *memory = product_memory_alloc(bytes);
    if (!memory)
        leave(bytes);
    return memory;
}

/* A block that can't grow stays as it is, in the list. One that grew may have moved: whoever points to it learns that. */
static void *realloc_or_leave(void *memory, size_t old_bytes, size_t bytes)
{
    (void)old_bytes;
    struct block *block = bytes < SIZE_MAX - sizeof *block ? sys_realloc(head_of(memory), sizeof *block + bytes) : NULL;
    if (!block)
        leave(bytes);
    *block->link = block;
    if (block->next)
        block->next->link = &block->next;
    return block + 1;
}

static void free_block(void *memory, size_t bytes)
{
    (void)bytes;
    product_memory_free(memory);
}

void product_memory_start(void)
{
    mp_set_memory_functions(alloc_or_leave, realloc_or_leave, free_block);
}

/* --- for jobs ------------------------------------------------------------------------------------- */

void *product_memory_alloc(size_t bytes)
{
    struct block *block = NULL;
    errno = ENOMEM;
    if (bytes < SIZE_MAX - sizeof *block)
        block = sys_alloc(sizeof *block + bytes);
    if (!block)
        return NULL;
    link_in(block);
    return block + 1;
}

void product_memory_free(void *memory)
{
    if (!memory)
        return;
    take_out(head_of(memory));
    free(head_of(memory));
}

static void free_all(void)
{
    for (struct block *block = arena.blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    arena.blocks = NULL;
}

int product_memory_run(int (*work)(void *context), void *context, size_t *wanted_bytes)
{
    int error;
    arena.wanted_bytes = 0;
    arena.may_leave = true;
    if (setjmp(arena.way_out) == 0)
        error = work(context);
    else
        error = ENOMEM;
    arena.may_leave = false;
    *wanted_bytes = arena.wanted_bytes;
    free_all();
    return error;
}
