/* Rows of a sealed segment, read once: hashed, taken stock of and held to their entries. */
#pragma once
#include "rows.h"
#include "survey.h"

#define UNUSED '-' /* the kind of a member that has no column */

/* The members that are looked at, and the columns that they are in. */
typedef struct {
    Name names[MAX_NAMES];
    const char *kinds;
    Py_ssize_t count, fields[FIELDS]; /* where among the names the fields of a header are */
    const Array *columns[MAX_NAMES], *entry, *leaf;
} View;

/* Where among the names each of `field_names` stands; 0 with an error set where one is missing. */
static int place_fields(View *v) {
    Py_ssize_t next = 0;
    for (int at = 0; at < FIELDS; at++) {
        Py_ssize_t size = (Py_ssize_t)strlen(field_names[at]);
        if (!is_wanted(v->names, v->count, &next, (const byte *)field_names[at], size)) {
            PyErr_SetString(PyExc_ValueError, "not all fields of a header");
            return 0;
        }
        v->fields[at] = next;
    }
    return 1;
}

/* Take the columns of a batch: `places` says where; entry and leaf are the last. */
static int view_columns(View *v, const Array *batch, const byte *places) {
    int64_t width = batch->n_children;
    int good = !batch->offset && width >= 2;
    for (Py_ssize_t at = 0; good && at < v->count; at++) {
        if (v->kinds[at] == UNUSED) continue;
        good = strchr("isbc", v->kinds[at]) && places[at] < width - 2;
        if (!good) break;
        v->columns[at] = batch->children[places[at]];
        good = has_layout(v->columns[at], (byte)v->kinds[at], batch->length);
    }
    if (good) {
        v->entry = batch->children[width - 2];
        v->leaf = batch->children[width - 1];
        good = has_layout(v->entry, 's', batch->length) && has_layout(v->leaf, 'w', batch->length);
    }
    if (!good) PyErr_SetString(PyExc_ValueError, "not the rows of a sealed segment");
    return good;
}

/* Into `room`: NUL, the entry of this row, NUL. So it is hashed as it stands, and has an end. */
static int fetch_entry(const View *v, int64_t row, Bytes *room) {
    int32_t start, end;
    room->size = 0;
    if (!has_cell(v->entry, row) || !cell_ends(v->entry, row, &start, &end)) {
        PyErr_SetString(PyExc_ValueError, "a row has no entry");
        return 0;
    }
    if (put_byte(room, 0) &&
        put(room, (const byte *)v->entry->buffers[2] + start, (size_t)(end - start)) &&
        put_byte(room, 0))
        return 1;
    PyErr_NoMemory();
    return 0;
}

static int same_row(const View *v, const Member *found, int64_t row, const byte *leaf, Bytes *room) {
    const byte *leaves = (const byte *)v->leaf->buffers[1] + (v->leaf->offset + row) * HASH;
    int same = has_cell(v->leaf, row) && !memcmp(leaves, leaf, HASH) ? AGREES : DIFFERS;
    for (Py_ssize_t at = 0; same == AGREES && at < v->count; at++)
        if (v->kinds[at] != UNUSED)
            same = same_cell(v->columns[at], (byte)v->kinds[at], row, &found[at], room);
    return same;
}

/* What the rows say, their leaf hashes going into `leaves`. */
static PyObject *examine_rows(const View *v, Py_ssize_t rows, PyObject *leaves, long long seq,
                              long long ts_us, Py_ssize_t max_size) {
    Member found[MAX_NAMES], fields[FIELDS];
    Bytes held = {0}, room = {0};
    Stock s;
    int taken = begin_stock(&s), same = AGREES;
    for (Py_ssize_t row = 0; row < rows && !PyErr_Occurred(); row++) {
        byte leaf[HASH];
        if (!fetch_entry(v, row, &held)) break;
        sha256_of(held.data, held.size - 1, leaf);
        PyObject *made = PyBytes_FromStringAndSize((const char *)leaf, HASH);
        if (!made || PyList_SetItem(leaves, row, made) < 0) break;
        if (!taken && same != AGREES) continue;
        Py_ssize_t size = (Py_ssize_t)held.size - 2;
        Text t = {held.data + 1, held.data + 1 + size};
        if (!size || size > max_size || !find_members(&t, v->names, v->count, 1, found) ||
            t.at != t.end) {
            taken = 0;
            if (same == AGREES) same = UNKNOWN;
            continue;
        }
        if (same == AGREES) same = same_row(v, found, row, leaf, &room);
        for (int at = 0; at < FIELDS; at++) fields[at] = found[v->fields[at]];
        taken = taken && take_entry(&s, fields, seq + row, &ts_us);
    }
    free(held.data);
    free(room.data);
    PyObject *stock = end_stock(&s, taken && !PyErr_Occurred(), ts_us);
    PyObject *agrees = same == UNKNOWN ? Py_None : same == AGREES ? Py_True : Py_False;
    return stock ? Py_BuildValue("ONO", leaves, stock, agrees) : NULL;
}

PyDoc_STRVAR(examine_doc,
             "examine(rows, (names, kinds, places), (seq, ts_us), max_size)\n"
             "-> (leaf hashes, survey(...), whether each column is that of the entries)\n\n"
             "of a record batch whose last columns are entry and leaf. The names hold those of\n"
             "`survey`; kinds are those of `columns`, - has no column; places are the columns'.\n"
             "The last two are None where they decline.");

static PyObject *examine(PyObject *module, PyObject *args) {
    PyObject *rows, *names, *out = NULL;
    const byte *places;
    Py_ssize_t max_size, width, length;
    long long seq, ts_us;
    View v;
    (void)module;
    if (!PyArg_ParseTuple(args, "O(O!s#y#)(LL)n", &rows, &PyTuple_Type, &names, &v.kinds, &width,
                          &places, &length, &seq, &ts_us, &max_size))
        return NULL;
    v.count = read_columns(v.names, names, width);
    if (v.count < 0 || !place_fields(&v)) return NULL;
    PyObject *given = PyObject_CallMethod(rows, "__arrow_c_array__", NULL);
    PyObject *capsule = given ? PyTuple_GetItem(given, 1) : NULL;
    const Array *batch = capsule ? PyCapsule_GetPointer(capsule, "arrow_array") : NULL;
    if (batch && length != v.count)
        PyErr_SetString(PyExc_ValueError, "a place for each name");
    else if (batch && view_columns(&v, batch, places)) {
        PyObject *leaves = PyList_New((Py_ssize_t)batch->length);
        if (leaves)
            out = examine_rows(&v, (Py_ssize_t)batch->length, leaves, seq, ts_us, max_size);
        Py_XDECREF(leaves);
    }
    Py_XDECREF(given);
    return out;
}
