/* Columns of Arrow, read where they lie (the C data interface), and held to the entries' members. */
#pragma once
#include "columns.h"

typedef struct Array {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct Array **children;
    struct Array *dictionary;
    void (*release)(struct Array *);
    void *private_data;
} Array;

enum { UNKNOWN = -1, DIFFERS, AGREES };

/* Whether the array has what one of this kind has: w stands for 32 bytes each. */
static int has_layout(const Array *a, byte kind, int64_t rows) {
    int texts = kind == 's', lists = kind == 'c';
    if (a->length < rows || a->dictionary || a->n_buffers != (texts ? 3 : 2)) return 0;
    if (a->n_children != lists || (rows && !a->buffers[1])) return 0;
    return !lists || (a->children[0]->n_buffers == 3 && !a->children[0]->dictionary &&
                      (!a->children[0]->length || a->children[0]->buffers[1]));
}

static int has_cell(const Array *a, int64_t row) {
    const byte *bits = a->buffers[0];
    row += a->offset;
    return !bits || (bits[row / 8] >> row % 8 & 1);
}

/* Where a cell of texts or of lists begins and ends; 0 where that is nowhere in the array. */
static int cell_ends(const Array *a, int64_t row, int32_t *start, int32_t *end) {
    const int32_t *ends = (const int32_t *)a->buffers[1] + a->offset;
    *start = ends[row];
    *end = ends[row + 1];
    return ends[0] <= *start && *start <= *end && *end <= ends[a->length];
}

static int is_cell(const Array *a, int64_t row, const byte *text, size_t size) {
    int32_t start, end;
    if (!cell_ends(a, row, &start, &end) || (size_t)(end - start) != size) return DIFFERS;
    return !size || !memcmp((const byte *)a->buffers[2] + start, text, size) ? AGREES : DIFFERS;
}

static int same_text(const Array *a, int64_t row, const Member *m, Bytes *room) {
    const byte *text = m->value + 1;
    size_t size = (size_t)(m->end - text - 1);
    if (!memchr(text, '\\', size)) return is_cell(a, row, text, size);
    room->size = 0;
    return put_text(room, m) ? is_cell(a, row, room->data, room->size) : UNKNOWN;
}

static int same_categories(const Array *a, int64_t row, const Member *m, Bytes *room) {
    Member held[MAX_CATEGORIES];
    int count = 0;
    int32_t start, end;
    const Array *texts = a->children[0];
    if (!find_categories(m, held, &count)) return UNKNOWN;
    if (!has_cell(a, row) || !cell_ends(a, row, &start, &end) || end - start != count)
        return DIFFERS;
    if (start < 0 || end > texts->length) return DIFFERS;
    for (int at = 0; at < count; at++) {
        int same = has_cell(texts, start + at) ? same_text(texts, start + at, &held[at], room) : DIFFERS;
        if (same != AGREES) return same;
    }
    return AGREES;
}

/* Whether the cell is the member; unknown where that one is not of this kind. */
static int same_cell(const Array *a, byte kind, int64_t row, const Member *m, Bytes *room) {
    long long number;
    if (kind == 'c') return same_categories(a, row, m, room);
    if (is_null(m)) return has_cell(a, row) ? DIFFERS : AGREES;
    if (kind == 's' && !is_text(m)) return UNKNOWN;
    if (kind == 'i' && !is_integer(m, &number)) return UNKNOWN;
    if (kind == 'b' && !is_equal(m, "true") && !is_equal(m, "false")) return UNKNOWN;
    if (!has_cell(a, row)) return DIFFERS;
    if (kind == 's') return same_text(a, row, m, room);
    int64_t place = a->offset + row;
    if (kind == 'i') return ((const int64_t *)a->buffers[1])[place] == number ? AGREES : DIFFERS;
    int is_true = ((const byte *)a->buffers[1])[place / 8] >> place % 8 & 1;
    return is_true == (*m->value == 't') ? AGREES : DIFFERS;
}
