/* Members of entries, of many entries at once: copied out, taken stock of, or put into columns.
 *
 * Each function declines (None) where an entry is not plainly canonical or not what it expects.
 */
#pragma once
#include "canonical.h"

#include <stdlib.h>

#define MAX_NAMES 32

typedef struct {
    const byte *text;
    Py_ssize_t size;
} Name;

typedef struct {
    const byte *key; /* from its quote on; NULL where the entry has no such member */
    const byte *value, *end;
} Member;

typedef struct {
    byte *data;
    size_t size, room;
} Bytes;

static int put(Bytes *b, const void *data, size_t size) {
    if (b->room - b->size < size) {
        size_t room = (b->room + size) * 2;
        byte *bigger = realloc(b->data, room);
        if (!bigger) return 0;
        b->data = bigger;
        b->room = room;
    }
    if (size) memcpy(b->data + b->size, data, size);
    b->size += size;
    return 1;
}

static int put_byte(Bytes *b, byte one) { return put(b, &one, 1); }

static int put_between(Bytes *b, const byte *from, const byte *to) {
    return put(b, from, (size_t)(to - from));
}

/* How many names there are; -1 with an error set. */
static Py_ssize_t read_names(Name *into, PyObject *names) {
    Py_ssize_t count = PyTuple_Size(names);
    if (count > MAX_NAMES) {
        PyErr_SetString(PyExc_ValueError, "too many names");
        return -1;
    }
    for (Py_ssize_t at = 0; at < count; at++) {
        into[at].text = bytes_of(PyTuple_GetItem(names, at), -1, &into[at].size);
        if (!into[at].text) return -1;
    }
    return count;
}

/* Whether `key` is the next of the names that are not yet passed. */
static int is_wanted(const Name *names, Py_ssize_t count, Py_ssize_t *next, const byte *key,
                     Py_ssize_t size) {
    for (; *next < count; ++*next) {
        int order = compare(names[*next].text, names[*next].size, key, size);
        if (order >= 0) return order == 0;
    }
    return 0;
}

/* Pass over one canonical object; `found` are its members of these ascending names. */
static int find_members(Text *t, const Name *names, Py_ssize_t count, int depth, Member *found) {
    const byte *key = NULL;
    Py_ssize_t size = 0, next = 0;
    memset(found, 0, (size_t)count * sizeof *found);
    if (*t->at++ != '{') return 0;
    if (*t->at == '}') return t->at++, 1;
    for (byte close = ','; close != '}';) {
        const byte *start = t->at;
        if (!next_key(t, &key, &size)) return 0;
        const byte *value = t->at;
        if (!skip_value(t, depth)) return 0;
        if (is_wanted(names, count, &next, key, size)) found[next] = (Member){start, value, t->at};
        close = *t->at++;
        if (close != ',' && close != '}') return 0;
    }
    return 1;
}

/* The found members as an object. */
static int put_members(Bytes *out, const Member *found, Py_ssize_t count) {
    int members = 0;
    if (!put_byte(out, '{')) return 0;
    for (Py_ssize_t at = 0; at < count; at++) {
        if (!found[at].key) continue;
        if (members++ && !put_byte(out, ',')) return 0;
        if (!put_between(out, found[at].key, found[at].end)) return 0;
    }
    return put_byte(out, '}');
}

static int is_null(const Member *m) { return !m->key || *m->value == 'n'; }
static int is_text(const Member *m) { return m->key && *m->value == '"'; }

static int is_integer(const Member *m, long long *value) {
    if (!m->key || (*m->value != '-' && (*m->value < '0' || *m->value > '9'))) return 0;
    const byte *p = m->value;
    int negative = *p == '-';
    *value = 0;
    for (p += negative; p < m->end; p++) *value = *value * 10 + (*p - '0');
    if (negative) *value = -*value;
    return 1;
}

static int is_equal(const Member *m, const char *text) {
    size_t size = strlen(text);
    return m->key && (size_t)(m->end - m->value) == size && !memcmp(m->value, text, size);
}

/* One entry's members; 0 where it is declined. */
static int read_entry(Piece entry, Py_ssize_t max_size, const Name *names, Py_ssize_t count,
                      Member *found) {
    if (!entry.size || entry.size > max_size) return 0;
    Text t = {entry.data, entry.data + entry.size};
    return find_members(&t, names, count, 1, found) && t.at == t.end;
}

/* The next entry's members; 0 where it is declined or, with an error set, no bytes. */
static int next_entry(PyObject *held, Py_ssize_t at, Py_ssize_t max_size, const Name *names,
                      Py_ssize_t count, Member *found) {
    Piece entry;
    entry.data = bytes_of(PyTuple_GetItem(held, at), -1, &entry.size);
    return entry.data && read_entry(entry, max_size, names, count, found);
}

PyDoc_STRVAR(skim_doc,
             "skim(entries, names, max_size) -> a JSON array of the entries' members of these\n"
             "names; None where an entry is not plainly canonical or too long. Names ascend.");

static PyObject *skim(PyObject *module, PyObject *args) {
    PyObject *entries, *names, *out = NULL;
    Py_ssize_t max_size;
    Name wanted[MAX_NAMES];
    Member found[MAX_NAMES];
    Bytes text = {NULL, 0, 0};
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!n", &entries, &PyTuple_Type, &names, &max_size)) return NULL;
    Py_ssize_t count = read_names(wanted, names);
    PyObject *held = count < 0 ? NULL : PySequence_Tuple(entries);
    if (!held) return NULL;
    int good = put_byte(&text, '[');
    for (Py_ssize_t at = 0; good && at < PyTuple_Size(held); at++)
        good = next_entry(held, at, max_size, wanted, count, found) &&
               (!at || put_byte(&text, ',')) && put_members(&text, found, count);
    if (good && put_byte(&text, ']'))
        out = PyBytes_FromStringAndSize((const char *)text.data, (Py_ssize_t)text.size);
    else if (!PyErr_Occurred())
        out = Py_NewRef(Py_None);
    Py_DECREF(held);
    free(text.data);
    return out;
}
