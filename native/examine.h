/* Taking stock of entries and putting them into columns, each read only once. */
#pragma once
#include "columns.h"
#include "survey.h"

/* Where among the names each of `field_names` stands; 0 with an error set where one is missing. */
static int place_fields(Py_ssize_t *places, const Name *names, Py_ssize_t count) {
    Py_ssize_t next = 0;
    for (int at = 0; at < FIELDS; at++) {
        Py_ssize_t size = (Py_ssize_t)strlen(field_names[at]);
        if (!is_wanted(names, count, &next, (const byte *)field_names[at], size)) {
            PyErr_SetString(PyExc_ValueError, "not all fields of a header");
            return 0;
        }
        places[at] = next;
    }
    return 1;
}

PyDoc_STRVAR(examine_doc,
             "examine(entries, names, kinds, (seq, ts_us), max_size) -> (survey(...), columns(...))\n\n"
             "Either is None where it declines. The names hold those of `survey`; members of kind -\n"
             "become no column.");

static PyObject *examine(PyObject *module, PyObject *args) {
    PyObject *entries, *names;
    const char *kinds;
    Py_ssize_t max_size, width, places[FIELDS];
    long long seq, ts_us;
    Name wanted[MAX_NAMES];
    Member found[MAX_NAMES], fields[FIELDS];
    Column made[MAX_NAMES];
    Stock s;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!s#(LL)n", &entries, &PyTuple_Type, &names, &kinds, &width, &seq,
                          &ts_us, &max_size))
        return NULL;
    Py_ssize_t count = read_columns(wanted, names, width);
    if (count < 0 || !place_fields(places, wanted, count)) return NULL;
    PyObject *held = PySequence_Tuple(entries);
    if (!held) return NULL;
    Py_ssize_t rows = PyTuple_Size(held);
    int taken = begin_stock(&s), put = begin_columns(made, kinds, count, rows);
    for (Py_ssize_t row = 0; (taken || put) && row < rows; row++) {
        if (!next_entry(held, row, max_size, wanted, count, found)) {
            taken = put = 0;
            break;
        }
        for (int at = 0; at < FIELDS; at++) fields[at] = found[places[at]];
        taken = taken && take_entry(&s, fields, seq + row, &ts_us);
        put = put && !PyErr_Occurred() && put_row(made, count, found, row);
    }
    Py_DECREF(held);
    PyObject *stock = end_stock(&s, taken, ts_us);
    PyObject *table = end_columns(made, count, rows, put && stock);
    if (stock && table) return Py_BuildValue("NN", stock, table);
    Py_XDECREF(stock);
    Py_XDECREF(table);
    return NULL;
}
