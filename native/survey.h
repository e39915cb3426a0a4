/* Taking stock of entries: what accounts need of them, where nothing about them is odd. */
#pragma once
#include "members.h"

enum {
    END, EXPORT, FIRST, FORWARDED, KIND, NEW, NODE, RELEASED, ROWS, SEQ, SHAPE, STATUS, TS_US, V,
    FIELDS
};

static const char *const field_names[FIELDS] = {
    "end",      "export", "first", "forwarded", "kind",   "new",   "node",
    "released", "rows",   "seq",   "shape",     "status", "ts_us", "v"};

#define BIT(field) (1u << (field))
#define ALWAYS (BIT(KIND) | BIT(NODE) | BIT(SEQ) | BIT(TS_US) | BIT(V))

/* Entries of kinds `export` and `outcome` between two of other kinds. */
typedef struct {
    Py_ssize_t exports;
    PyObject *opened, *closed;
} Stretch;

typedef struct {
    Stretch now;
    PyObject *stretches, *status; /* the last status, which is most often the next */
    Bytes status_text;
    Bytes others; /* members of entries of other kinds */
} Stock;

static int begin_stretch(Stock *s) {
    s->now = (Stretch){0, PyList_New(0), PyList_New(0)};
    return s->now.opened && s->now.closed;
}

static int end_stretch(Stock *s) {
    PyObject *made = Py_BuildValue("nOO", s->now.exports, s->now.opened, s->now.closed);
    int good = made && PyList_Append(s->stretches, made) == 0;
    Py_XDECREF(made);
    Py_CLEAR(s->now.opened);
    Py_CLEAR(s->now.closed);
    return good;
}

/* Append `made`, whose reference is taken. */
static int append(PyObject *list, PyObject *made) {
    int good = made && PyList_Append(list, made) == 0;
    Py_XDECREF(made);
    return good;
}

/* The text of a status that has no escapes in it; borrowed, NULL with an error set. */
static PyObject *status_of(Stock *s, const Member *m) {
    const byte *text = m->value + 1;
    size_t size = (size_t)(m->end - text - 1);
    Bytes *last = &s->status_text;
    if (s->status && size == last->size && (!size || !memcmp(last->data, text, size)))
        return s->status;
    Py_CLEAR(s->status);
    last->size = 0;
    if (!put(last, text, size)) return PyErr_NoMemory();
    return s->status = PyUnicode_DecodeUTF8((const char *)text, (Py_ssize_t)size, NULL);
}

/* Whether the entry has no members of ours but these and those that all have. */
static int has_only(const Member *found, unsigned fields) {
    for (int at = 0; at < FIELDS; at++)
        if (found[at].key && !((fields | ALWAYS) & BIT(at))) return 0;
    return 1;
}

/* 1 where it was taken, 0 where it is declined, -1 where it is to be judged like the others. */
static int take_export(Stock *s, const Member *found, long long seq) {
    if (!has_only(found, BIT(RELEASED))) return -1;
    s->now.exports++;
    if (is_equal(&found[RELEASED], "true")) return append(s->now.opened, PyLong_FromLongLong(seq));
    return is_null(&found[RELEASED]) || is_equal(&found[RELEASED], "false");
}

static int take_outcome(Stock *s, const Member *found, long long seq) {
    const Member *status = &found[STATUS];
    long long export = 0;
    int open_end = is_null(&found[EXPORT]), unstated = is_null(status);
    if (!has_only(found, BIT(EXPORT) | BIT(STATUS))) return -1;
    if (!open_end && !is_integer(&found[EXPORT], &export)) return 0;
    if (!unstated && !is_text(status)) return 0;
    if (!unstated && memchr(status->value, '\\', (size_t)(status->end - status->value))) return -1;
    PyObject *said = unstated ? Py_None : status_of(s, status);
    if (!said) return 0;
    PyObject *of = open_end ? Py_NewRef(Py_None) : PyLong_FromLongLong(export);
    return append(s->now.closed, of ? Py_BuildValue("LNO", seq, of, said) : NULL);
}

static int take_other(Stock *s, const Member *found) {
    return (s->others.size == 1 || put_byte(&s->others, ',')) &&
           put_members(&s->others, found, FIELDS) && end_stretch(s) && begin_stretch(s);
}

/* Take one more; its members are those of `field_names`. */
static int take_entry(Stock *s, const Member *found, long long seq, long long *ts_us) {
    long long its_seq, its_ts;
    if (!is_equal(&found[V], "1") || !is_text(&found[NODE]) || !is_text(&found[KIND])) return 0;
    if (!is_integer(&found[SEQ], &its_seq) || its_seq != seq) return 0;
    if (!is_integer(&found[TS_US], &its_ts) || its_ts < *ts_us) return 0;
    *ts_us = its_ts;
    int taken = -1;
    if (is_equal(&found[KIND], "\"export\""))
        taken = take_export(s, found, seq);
    else if (is_equal(&found[KIND], "\"outcome\""))
        taken = take_outcome(s, found, seq);
    return taken < 0 ? take_other(s, found) : taken;
}

/* Whether they are `field_names`: another reader of entries would want others. */
static int are_fields(const Name *names, Py_ssize_t count) {
    int same = count == FIELDS;
    for (int at = 0; same && at < FIELDS; at++)
        same = (size_t)names[at].size == strlen(field_names[at]) &&
               !memcmp(names[at].text, field_names[at], (size_t)names[at].size);
    if (!same && count >= 0) PyErr_SetString(PyExc_ValueError, "not the fields of a header");
    return same;
}

static int begin_stock(Stock *s) {
    *s = (Stock){0};
    return (s->stretches = PyList_New(0)) && begin_stretch(s) && put_byte(&s->others, '[');
}

/* What was taken, None unless `good`; NULL with an error set. */
static PyObject *end_stock(Stock *s, int good, long long ts_us) {
    PyObject *out = NULL;
    if (good && end_stretch(s) && put_byte(&s->others, ']'))
        out = Py_BuildValue("LOy#", ts_us, s->stretches, s->others.data, (Py_ssize_t)s->others.size);
    else if (!PyErr_Occurred())
        out = Py_NewRef(Py_None);
    Py_XDECREF(s->stretches);
    Py_XDECREF(s->now.opened);
    Py_XDECREF(s->now.closed);
    Py_XDECREF(s->status);
    free(s->status_text.data);
    free(s->others.data);
    return out;
}

PyDoc_STRVAR(survey_doc,
             "survey(entries, names, seq, ts_us, max_size) -> (ts_us, stretches, others)\n\n"
             "of canonical entries from `seq` on, none older than `ts_us` or the one before it: the\n"
             "time of the last; (exports, released exports, (seq, export, status) of outcomes)\n"
             "before, between and behind entries of other kinds; a JSON array of the members of\n"
             "these names of those others. None where it is not so.");

static PyObject *survey(PyObject *module, PyObject *args) {
    PyObject *entries, *names;
    Py_ssize_t max_size;
    long long seq, ts_us;
    Name wanted[MAX_NAMES];
    Member found[FIELDS];
    Stock s;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!LLn", &entries, &PyTuple_Type, &names, &seq, &ts_us, &max_size))
        return NULL;
    if (!are_fields(wanted, read_names(wanted, names))) return NULL;
    PyObject *held = PySequence_Tuple(entries);
    if (!held) return NULL;
    int good = begin_stock(&s);
    for (Py_ssize_t at = 0; good && at < PyTuple_Size(held); at++)
        good = next_entry(held, at, max_size, wanted, FIELDS, found) &&
               take_entry(&s, found, seq + at, &ts_us);
    Py_DECREF(held);
    return end_stock(&s, good, ts_us);
}
