/* Delimiter-separated text -> columns of distinct texts, in one pass over the bytes.
 *
 * The compiled twin of gateway/codecs/csv.py for plain tables: at least two columns, rows of one
 * length, no blank lines. Whatever else there is, is declined (None): then Python reads it, or
 * gives the error. So nothing is accepted here that is refused there, and tests compare both.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(Py_ssize_t) == 8, "spans are read as 64-bit integers");

typedef struct {
    PyObject *known; /* distinct text -> its number, in order of first appearance */
    Py_ssize_t distinct, count, room;
    Py_ssize_t *refs, *spans; /* spans: start and end of each field, quotes included */
} Cells;

typedef struct {
    const char *start, *at, *end;
    char delimiter;
    char *buffer;
    size_t buffer_room;
    Cells *cells;
    Py_ssize_t width, room;
    int failed; /* a Python error is set; otherwise a failure means: declined */
} Table;

static int add_field(Cells *cells, PyObject *text, Py_ssize_t start, Py_ssize_t end, int *failed) {
    if (!text) return 0; /* no UTF-8: declined */
    if (!cells->known && !(cells->known = PyDict_New())) goto fail;
    if (cells->count == cells->room) {
        Py_ssize_t room = cells->room ? 2 * cells->room : 64;
        Py_ssize_t *refs = realloc(cells->refs, (size_t)room * sizeof(Py_ssize_t));
        if (refs) cells->refs = refs;
        Py_ssize_t *spans = realloc(cells->spans, (size_t)room * 2 * sizeof(Py_ssize_t));
        if (spans) cells->spans = spans;
        if (!refs || !spans) {
            PyErr_NoMemory();
            goto fail;
        }
        cells->room = room;
    }
    PyObject *number = PyDict_GetItemWithError(cells->known, text);
    if (!number) {
        if (PyErr_Occurred() || !(number = PyLong_FromSsize_t(cells->distinct))) goto fail;
        int bad = PyDict_SetItem(cells->known, text, number) < 0;
        Py_DECREF(number);
        if (bad) goto fail;
        cells->refs[cells->count] = cells->distinct++;
    } else {
        cells->refs[cells->count] = PyLong_AsSsize_t(number);
    }
    cells->spans[2 * cells->count] = start;
    cells->spans[2 * cells->count + 1] = end;
    cells->count++;
    Py_DECREF(text);
    return 1;
fail:
    *failed = 1;
    Py_DECREF(text);
    return 0;
}

/* The text of a quoted field between `from` and `to`, doubled quotes made single. */
static PyObject *unquoted(Table *t, const char *from, const char *to) {
    size_t need = (size_t)(to - from) + 1;
    if (need > t->buffer_room) {
        char *bigger = realloc(t->buffer, 2 * need);
        if (!bigger) return NULL;
        t->buffer = bigger;
        t->buffer_room = 2 * need;
    }
    char *out = t->buffer;
    while (from < to) {
        if (*from == '"') from++; /* the first of two */
        *out++ = *from++;
    }
    return PyUnicode_DecodeUTF8(t->buffer, out - t->buffer, "strict");
}

/* One field; `at` is left at what ends it. */
static int read_field(Table *t, Py_ssize_t column) {
    const char *start = t->at, *at = t->at;
    PyObject *text;
    if (at < t->end && *at == '"') {
        int doubled = 0;
        for (at++;; at += 2) {
            at = memchr(at, '"', (size_t)(t->end - at));
            if (!at) return 0;
            if (at + 1 >= t->end || at[1] != '"') break;
            doubled = 1;
        }
        text = doubled ? unquoted(t, start + 1, at)
                       : PyUnicode_DecodeUTF8(start + 1, at - start - 1, "strict");
        at++;
    } else {
        while (at < t->end && *at != t->delimiter && *at != '\n' && *at != '\r') {
            if (*at == '"') return 0;
            at++;
        }
        text = PyUnicode_DecodeUTF8(start, at - start, "strict");
    }
    t->at = at;
    return add_field(&t->cells[column], text, start - t->start, at - t->start, &t->failed);
}

static int more_columns(Table *t) {
    Py_ssize_t room = t->room ? 2 * t->room : 16;
    Cells *bigger = realloc(t->cells, (size_t)room * sizeof(Cells));
    if (!bigger) return 0;
    memset(bigger + t->room, 0, (size_t)(room - t->room) * sizeof(Cells));
    t->cells = bigger;
    t->room = room;
    return 1;
}

/* A row and its end. */
static int read_row(Table *t, Py_ssize_t most) {
    Py_ssize_t column = 0;
    for (;; column++) {
        if (t->width ? column >= t->width : column >= most) return 0;
        if (column >= t->room && !more_columns(t)) return 0;
        if (!read_field(t, column)) return 0;
        if (t->at >= t->end) break;
        char c = *t->at++;
        if (c == t->delimiter) continue;
        if (c == '\r' && (t->at >= t->end || *t->at++ != '\n')) return 0;
        if (c != '\r' && c != '\n') return 0;
        break;
    }
    if (!t->width) t->width = column + 1;
    return column + 1 == t->width && t->width > 1;
}

static PyObject *sequence(const Py_ssize_t *numbers, Py_ssize_t count) {
    Py_ssize_t i = 0;
    while (i < count && numbers[i] == i) i++;
    if (i == count) return PyObject_CallFunction((PyObject *)&PyRange_Type, "n", count);
    PyObject *list = PyList_New(count);
    for (i = 0; list && i < count; i++) {
        PyObject *number = PyLong_FromSsize_t(numbers[i]);
        if (!number || PyList_SetItem(list, i, number) < 0) Py_CLEAR(list);
    }
    return list;
}

static PyObject *columns_of(const Table *t) {
    PyObject *columns = PyList_New(t->width);
    for (Py_ssize_t i = 0; columns && i < t->width; i++) {
        const Cells *cells = &t->cells[i];
        PyObject *values = cells->known ? PyDict_Keys(cells->known) : PyList_New(0);
        PyObject *refs = sequence(cells->refs, cells->count);
        PyObject *spans = PyBytes_FromStringAndSize(
            (const char *)cells->spans, 2 * cells->count * (Py_ssize_t)sizeof(Py_ssize_t));
        PyObject *column =
            values && refs && spans ? Py_BuildValue("(OOO)", values, refs, spans) : NULL;
        Py_XDECREF(values);
        Py_XDECREF(refs);
        Py_XDECREF(spans);
        if (!column || PyList_SetItem(columns, i, column) < 0) Py_CLEAR(columns);
    }
    return columns;
}

static void empty_cells(Table *t) {
    for (Py_ssize_t i = 0; i < t->room; i++) {
        Py_XDECREF(t->cells[i].known);
        free(t->cells[i].refs);
        free(t->cells[i].spans);
    }
    if (t->cells) memset(t->cells, 0, (size_t)t->room * sizeof(Cells));
}

PyDoc_STRVAR(table_doc,
"table(body, begin, delimiter, header, most, /)\n--\n\n"
"The first row's columns and the other rows' of a table from byte `begin` on; without `header` no\n"
"row is the first. None where it is declined, as one of more than `most` columns is.\n\n"
"A column is (values, refs, spans), spans being pairs of native integers: where each field starts\n"
"and ends, its quotes included.");

static PyObject *table(PyObject *module, PyObject *args) {
    const char *data;
    Py_ssize_t size, begin, most;
    int delimiter, header;
    PyObject *head = NULL, *rows = NULL, *out = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y#nipn", &data, &size, &begin, &delimiter, &header, &most))
        return NULL;
    Table t = {.start = data, .at = data + begin, .end = data + size, .delimiter = (char)delimiter};
    int done = begin >= 0 && begin < size && delimiter > 0 && delimiter < 0x80 &&
               delimiter != '"' && delimiter != '\n' && delimiter != '\r';
    if (done && header) {
        done = read_row(&t, most);
        if (done && !(head = columns_of(&t))) t.failed = 1;
        empty_cells(&t);
    }
    while (done && !t.failed && t.at < t.end) done = read_row(&t, most);
    if (done && !t.failed && t.width > 1) {
        rows = columns_of(&t);
        if (rows) out = Py_BuildValue("(OO)", head ? head : Py_None, rows);
    } else if (!t.failed) {
        PyErr_Clear(); /* text that is no UTF-8, for one */
        out = Py_NewRef(Py_None);
    }
    empty_cells(&t);
    free(t.cells);
    free(t.buffer);
    Py_XDECREF(head);
    Py_XDECREF(rows);
    if (!out && !PyErr_Occurred()) PyErr_NoMemory();
    return out;
}

static PyMethodDef methods[] = {{"table", table, METH_VARARGS, table_doc}, {NULL, NULL, 0, NULL}};

static int add_version(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", 1); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, add_version}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_table",
                                    "Tables to columns, compiled.", 0, methods, slots, NULL, NULL,
                                    NULL};

PyMODINIT_FUNC PyInit__table(void) { return PyModuleDef_Init(&module); }
