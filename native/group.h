/* The group that a frame holds, from entries that lack only their number and time. */
#pragma once
#include "members.h"

#include <stdio.h>

/* Add to the payload the entry of these parts, whose leaf hash goes into `leaf`. */
static int put_entry(Bytes *payload, PyObject *parts, long long seq, long long ts_us, byte *leaf) {
    size_t start = payload->size;
    char number[2][24];
    snprintf(number[0], sizeof *number, "%lld", seq);
    snprintf(number[1], sizeof *number, "%lld", ts_us);
    if (!PyTuple_Check(parts) || PyTuple_Size(parts) != 3) {
        PyErr_SetString(PyExc_TypeError, "an entry is given in three parts");
        return 0;
    }
    int good = put(payload, "size", 4);
    for (int at = 0; good && at < 3; at++) {
        Py_ssize_t size;
        const byte *part = bytes_of(PyTuple_GetItem(parts, at), -1, &size);
        good = part && put(payload, part, (size_t)size) &&
               (at == 2 || put(payload, number[at], strlen(number[at])));
    }
    if (!good) return 0;
    size_t size = payload->size - start - 4;
    byte *length = payload->data + start;
    for (int at = 0; at < 4; at++) length[at] = (byte)(size >> 8 * (3 - at));
    sha256(0, length + 4, size, NULL, 0, leaf);
    return 1;
}

PyDoc_STRVAR(compose_doc,
             "compose(drafts, seq, ts_us, head) -> (payload, leaf hashes, chain head) of a group\n\n"
             "of entries from `seq` on, each given by the bytes before, between and after its number\n"
             "and time; `head` is the chain's before them.");

static PyObject *compose(PyObject *module, PyObject *args) {
    PyObject *drafts, *before, *out = NULL;
    long long seq, ts_us;
    byte head[HASH], leaf[HASH];
    Bytes payload = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "OLLS", &drafts, &seq, &ts_us, &before)) return NULL;
    const byte *start = bytes_of(before, HASH, NULL);
    PyObject *held = start ? PySequence_Tuple(drafts) : NULL;
    if (!held) return NULL;
    memcpy(head, start, HASH);
    Py_ssize_t count = PyTuple_Size(held), at = 0;
    PyObject *leaves = PyList_New(0);
    for (; leaves && at < count; at++) {
        if (!put_entry(&payload, PyTuple_GetItem(held, at), seq + at, ts_us, leaf)) break;
        sha256(2, head, HASH, leaf, HASH, head);
        if (!append(leaves, PyBytes_FromStringAndSize((const char *)leaf, HASH))) break;
    }
    if (leaves && at == count && put(&payload, head, HASH))
        out = Py_BuildValue("y#Oy#", payload.data, (Py_ssize_t)payload.size, leaves, head,
                            (Py_ssize_t)HASH);
    else if (!PyErr_Occurred())
        PyErr_NoMemory();
    Py_DECREF(held);
    Py_XDECREF(leaves);
    free(payload.data);
    return out;
}
