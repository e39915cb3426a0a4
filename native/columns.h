/* Entries as columns: buffers in the layout of Arrow. */
#pragma once
#include "members.h"

typedef struct {
    byte kind;
    byte *present; /* a bit each */
    Bytes values, text, lists;
} Column;

#define MAX_CATEGORIES 64

static byte escaped(const byte *p) {
    static const byte from[] = "\"\\bfnrt", to[] = "\"\\\b\f\n\r\t";
    if (p[1] == 'u') return (byte)((p[4] - '0') * 16 + (p[5] <= '9' ? p[5] - '0' : p[5] - 'a' + 10));
    return to[strchr((const char *)from, p[1]) - (const char *)from];
}

/* What a canonical string says. */
static int put_text(Bytes *out, const Member *m) {
    const byte *p = m->value + 1, *end = m->end - 1;
    for (const byte *slash; (slash = memchr(p, '\\', (size_t)(end - p))); ) {
        if (!put_between(out, p, slash) || !put_byte(out, escaped(slash))) return 0;
        p = slash + (slash[1] == 'u' ? 6 : 2);
    }
    return put_between(out, p, end);
}

static int put_end(Bytes *offsets, size_t end) {
    int32_t offset = (int32_t)end;
    return end <= INT32_MAX && put(offsets, &offset, sizeof offset);
}

/* Keep `one` among these ascending ones, once. */
static int keep_category(Member *held, int *count, Member one) {
    int at = *count;
    for (; at; at--) {
        size_t size = (size_t)(one.end - one.value), other = (size_t)(held[at - 1].end - held[at - 1].value);
        int order = memcmp(held[at - 1].value, one.value, size < other ? size : other);
        if (!order && size == other) return 1;
        if (order < 0) break; /* each ends with a quote, so none begins another */
    }
    if (*count == MAX_CATEGORIES) return 0;
    memmove(held + at + 1, held + at, (size_t)(*count - at) * sizeof *held);
    held[at] = one;
    ++*count;
    return 1;
}

/* The categories of an array of treatments, ascending, each once; 0 where it is no such array. */
static int find_categories(const Member *m, Member *held, int *count) {
    static const Name name = {(const byte *)"category", 8};
    Member one;
    if (!m->key) return 1;
    Text t = {m->value, m->end};
    if (*t.at != '[') return 0;
    if (*++t.at == ']') t.at++;
    while (t.at < t.end) {
        if (!find_members(&t, &name, 1, 3, &one) || !is_text(&one)) return 0;
        if (memchr(one.value, '\\', (size_t)(one.end - one.value))) return 0;
        if (!keep_category(held, count, one)) return 0;
        t.at++; /* the comma, or the end */
    }
    return 1;
}

static int put_categories(Column *c, const Member *m) {
    Member held[MAX_CATEGORIES];
    int count = 0;
    if (!find_categories(m, held, &count)) return 0;
    for (int at = 0; at < count; at++)
        if (!put_text(&c->text, &held[at]) || !put_end(&c->values, c->text.size)) return 0;
    return put_end(&c->lists, c->values.size / sizeof(int32_t) - 1);
}

static int put_cell(Column *c, const Member *m, Py_ssize_t row) {
    int present = !is_null(m);
    long long number = 0;
    if (present) c->present[row / 8] |= (byte)(1 << row % 8);
    if (c->kind == 'i') {
        if (present && !is_integer(m, &number)) return 0;
        return put(&c->values, &number, sizeof number);
    }
    if (c->kind == 'b') {
        int is_true = is_equal(m, "true");
        if (present && !is_true && !is_equal(m, "false")) return 0;
        if (is_true) c->values.data[row / 8] |= (byte)(1 << row % 8);
        return 1;
    }
    if (c->kind == 'c') return put_categories(c, m);
    if (present && (!is_text(m) || !put_text(&c->text, m))) return 0;
    return put_end(&c->values, c->text.size);
}

static int begin_column(Column *c, byte kind, Py_ssize_t rows) {
    size_t bits = (size_t)rows / 8 + 1;
    c->kind = kind;
    if (!kind || !strchr("isbc", kind) || !(c->present = calloc(bits, 1))) return 0;
    if (kind == 'b') c->values = (Bytes){calloc(bits, 1), bits, bits};
    if (kind == 'c' && !put_end(&c->lists, 0)) return 0;
    if (kind == 's' || kind == 'c') return put_end(&c->values, 0);
    return kind != 'b' || c->values.data;
}

static PyObject *as_bytes(const byte *data, size_t size) {
    return PyBytes_FromStringAndSize((const char *)data, data ? (Py_ssize_t)size : 0);
}

static PyObject *end_column(Column *c, Py_ssize_t rows) {
    return Py_BuildValue("NNNN", as_bytes(c->present, (size_t)rows / 8 + 1),
                         as_bytes(c->values.data, c->values.size),
                         as_bytes(c->text.data, c->text.size),
                         as_bytes(c->lists.data, c->lists.size));
}

static int begin_columns(Column *made, const char *kinds, Py_ssize_t count, Py_ssize_t rows) {
    int good = 1;
    memset(made, 0, (size_t)count * sizeof *made);
    for (Py_ssize_t at = 0; good && at < count; at++) good = begin_column(&made[at], (byte)kinds[at], rows);
    return good;
}

static int put_rows(Column *made, const Name *names, Py_ssize_t count, const Piece *entries,
                    Py_ssize_t rows, Py_ssize_t max_size) {
    Member found[MAX_NAMES];
    int good = 1;
    for (Py_ssize_t row = 0; good && row < rows; row++) {
        good = read_entry(entries[row], max_size, names, count, found);
        for (Py_ssize_t at = 0; good && at < count; at++) good = put_cell(&made[at], &found[at], row);
    }
    return good;
}

/* The buffers of each, None unless `good`; NULL with an error set. */
static PyObject *end_columns(Column *made, Py_ssize_t count, Py_ssize_t rows, int good) {
    PyObject *out = NULL;
    if (good && (out = PyList_New(0)))
        for (Py_ssize_t at = 0; out && at < count; at++)
            if (!append(out, end_column(&made[at], rows))) Py_CLEAR(out);
    if (!out && !PyErr_Occurred()) out = Py_NewRef(Py_None);
    for (Py_ssize_t at = 0; at < count; at++) {
        free(made[at].present);
        free(made[at].values.data);
        free(made[at].text.data);
        free(made[at].lists.data);
    }
    return out;
}

/* As many kinds as names; their count, -1 with an error set. */
static Py_ssize_t read_columns(Name *into, PyObject *names, Py_ssize_t width) {
    Py_ssize_t count = read_names(into, names);
    if (count < 0 || count == width) return count;
    PyErr_SetString(PyExc_ValueError, "a kind for each name");
    return -1;
}

PyDoc_STRVAR(columns_doc,
             "columns(entries, names, kinds, max_size) -> (present, values, text, lists) of each\n\n"
             "Kinds: i int64, b bits, s UTF-8 text (values are its offsets), c categories of an\n"
             "array of treatments: lists of texts, ascending, each once (lists are their offsets).\n"
             "None where an entry is not plainly canonical, too long or of another type.");

static PyObject *columns(PyObject *module, PyObject *args) {
    PyObject *entries, *names;
    const char *kinds;
    Py_ssize_t max_size, width;
    Name wanted[MAX_NAMES];
    Column made[MAX_NAMES];
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!s#n", &entries, &PyTuple_Type, &names, &kinds, &width, &max_size))
        return NULL;
    Py_ssize_t count = read_columns(wanted, names, width);
    PyObject *held = count < 0 ? NULL : PySequence_Tuple(entries);
    Piece *pieces = held ? pieces_of(held) : NULL;
    if (!pieces) {
        Py_XDECREF(held);
        return NULL;
    }
    Py_ssize_t rows = PyTuple_Size(held);
    int good = begin_columns(made, kinds, count, rows);
    ASIDE(rows, good = good && put_rows(made, wanted, count, pieces, rows, max_size));
    free(pieces);
    Py_DECREF(held);
    return end_columns(made, count, rows, good);
}
