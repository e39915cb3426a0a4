/* Python values as canonical JSON (RFC 8785 without floats); what is unusual is declined. */
#pragma once
#include "columns.h"

#include <stdio.h>

#define MAX_KEYS 64 /* of one object; more are declined */
#define USUAL 2048  /* bytes that most entries do with */

typedef struct {
    const byte *text;
    Py_ssize_t size;
    PyObject *value;
} Entry;

/* Text as UTF-8; NULL where it has none. A NUL byte stands behind it. */
static const byte *utf8_of(PyObject *text, Py_ssize_t *size) {
    const char *found = PyUnicode_AsUTF8AndSize(text, size);
    if (!found) PyErr_Clear(); /* a lone surrogate */
    return (const byte *)found;
}

static int write_escape(Bytes *out, byte c) {
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    char made[7] = "\\", *digits = "0123456789abcdef";
    const char *letter = c ? strchr(from, c) : NULL;
    if (letter) return put_byte(out, '\\') && put_byte(out, (byte)to[letter - from]);
    snprintf(made, sizeof made, "\\u00%c%c", digits[c >> 4], digits[c & 15]);
    return put(out, made, 6);
}

/* Where `size` more bytes can be written; NULL where there is no memory. */
static byte *more_room(Bytes *out, size_t size) {
    if (out->room - out->size < size) {
        byte *bigger = realloc(out->data, (out->room + size) * 2);
        if (!bigger) return NULL;
        out->data = bigger;
        out->room = (out->room + size) * 2;
    }
    return out->data + out->size;
}

static int write_odd_text(Bytes *out, const byte *p, const byte *end) {
    if (!put_byte(out, '"')) return 0;
    while (p < end) {
        const byte *stop = skip_plain(p, end);
        while (stop < end && *stop >= 0x80) stop = skip_plain(stop + 1, end);
        if (!put_between(out, p, stop)) return 0;
        if (stop < end && !write_escape(out, *stop++)) return 0;
        p = stop;
    }
    return put_byte(out, '"');
}

static int write_text(Bytes *out, const byte *text, Py_ssize_t size) {
    if (skip_plain(text, text + size) != text + size) return write_odd_text(out, text, text + size);
    byte *room = more_room(out, (size_t)size + 2);
    if (!room) return 0;
    *room = '"';
    memcpy(room + 1, text, (size_t)size);
    room[size + 1] = '"';
    out->size += (size_t)size + 2;
    return 1;
}

static int write_byte(Bytes *out, byte one) {
    if (out->size == out->room && !more_room(out, 1)) return 0;
    out->data[out->size++] = one;
    return 1;
}

static int write_integer(Bytes *out, PyObject *number) {
    byte digits[24], *p = digits + sizeof digits;
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (overflow || value < -MAX_INTEGER || value > MAX_INTEGER) return 0;
    long long rest = value < 0 ? -value : value;
    do *--p = (byte)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) *--p = '-';
    return put_between(out, p, digits + sizeof digits);
}

/* The members of an object, ascending; -1 where one key is no ASCII text or there are too many. */
static Py_ssize_t sort_members(PyObject *object, Entry *sorted) {
    Py_ssize_t at = 0, count = 0, place;
    PyObject *key;
    Entry one;
    if (PyDict_Size(object) > MAX_KEYS) return -1;
    for (; PyDict_Next(object, &at, &key, &one.value); count++) {
        if (Py_TYPE(key) != &PyUnicode_Type || !(one.text = utf8_of(key, &one.size))) return -1;
        if (one.size != PyUnicode_GetLength(key)) return -1;
        for (place = count; place; place--) {
            const Entry *last = &sorted[place - 1];
            if (compare(last->text, last->size, one.text, one.size) < 0) break;
            sorted[place] = *last;
        }
        sorted[place] = one;
    }
    return count;
}

static int write_value(Bytes *out, PyObject *value, long depth);

static int write_member(Bytes *out, const Entry *member, int is_first) {
    return (is_first || write_byte(out, ',')) && write_text(out, member->text, member->size) &&
           write_byte(out, ':');
}

static int write_object(Bytes *out, PyObject *object, long depth) {
    Entry sorted[MAX_KEYS];
    Py_ssize_t count = sort_members(object, sorted);
    int good = count >= 0 && write_byte(out, '{');
    for (Py_ssize_t at = 0; good && at < count; at++)
        good = write_member(out, &sorted[at], !at) && write_value(out, sorted[at].value, depth);
    return good && write_byte(out, '}');
}

static int write_array(Bytes *out, PyObject *array, long depth) {
    int is_list = Py_TYPE(array) == &PyList_Type;
    Py_ssize_t count = is_list ? PyList_Size(array) : PyTuple_Size(array);
    int good = write_byte(out, '[');
    for (Py_ssize_t at = 0; good && at < count; at++) {
        PyObject *item = is_list ? PyList_GetItem(array, at) : PyTuple_GetItem(array, at);
        good = (!at || write_byte(out, ',')) && write_value(out, item, depth);
    }
    return good && write_byte(out, ']');
}

/* Write a value that `fits`; 0 where it may not. */
static int write_value(Bytes *out, PyObject *value, long depth) {
    PyTypeObject *type = Py_TYPE(value);
    if (value == Py_None) return put(out, "null", 4);
    if (value == Py_True) return put(out, "true", 4);
    if (value == Py_False) return put(out, "false", 5);
    if (type == &PyLong_Type) return write_integer(out, value);
    if (type == &PyUnicode_Type) {
        Py_ssize_t size;
        const byte *text = utf8_of(value, &size);
        return text && write_text(out, text, size);
    }
    if (depth > MAX_DEPTH) return 0;
    if (type == &PyDict_Type) return write_object(out, value, depth + 1);
    return (type == &PyList_Type || type == &PyTuple_Type) && write_array(out, value, depth + 1);
}

/* What an entry says that the log itself goes by. */
typedef struct {
    const byte *kind;
    Py_ssize_t kind_size;
    PyObject *shape, *released, *export;
} Said;

static int is_kind(const Said *said, const char *kind) {
    return !compare(said->kind, said->kind_size, (const byte *)kind, (Py_ssize_t)strlen(kind));
}

/* A treatment's category, looked up without a call into Python; NULL where it has none. */
static PyObject *category_of(PyObject *treatment) {
    PyObject *key, *value;
    Py_ssize_t at = 0;
    if (Py_TYPE(treatment) != &PyDict_Type) return NULL;
    while (PyDict_Next(treatment, &at, &key, &value))
        if (Py_TYPE(key) == &PyUnicode_Type && !PyUnicode_CompareWithASCIIString(key, "category"))
            return value;
    return NULL;
}

static int are_treatments(PyObject *value) {
    int is_list = Py_TYPE(value) == &PyList_Type;
    if (!is_list && Py_TYPE(value) != &PyTuple_Type) return 0;
    Py_ssize_t count = is_list ? PyList_Size(value) : PyTuple_Size(value);
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *one = is_list ? PyList_GetItem(value, at) : PyTuple_GetItem(value, at);
        PyObject *category = category_of(one);
        if (!category || Py_TYPE(category) != &PyUnicode_Type) return 0;
    }
    return 1;
}

/* Whether a member's value is of this kind; what it says is noted. */
static int note_member(Said *said, const Entry *one, byte kind) {
    PyTypeObject *type = Py_TYPE(one->value);
    const char *name = (const char *)one->text;
    if (kind == 'k')
        return type == &PyUnicode_Type && (said->kind = utf8_of(one->value, &said->kind_size));
    if (kind == 'c') return are_treatments(one->value);
    if (!strcmp(name, "shape")) said->shape = one->value;
    if (!strcmp(name, "released")) said->released = one->value;
    if (!strcmp(name, "export")) said->export = one->value;
    if (one->value == Py_None) return kind == 's' || kind == 'i' || kind == 'b';
    return (kind == 's' && type == &PyUnicode_Type) || (kind == 'i' && type == &PyLong_Type) ||
           (kind == 'b' && type == &PyBool_Type);
}

static const Entry stamps[] = {{(const byte *)"node", 4, NULL}, {(const byte *)"seq", 3, NULL},
                               {(const byte *)"ts_us", 5, NULL}, {(const byte *)"v", 1, NULL}};

/* Write the entry; `ends` say where its number and time have to stand. */
static int write_entry(Bytes *out, PyObject *body, PyObject *node, const Name *names,
                       const char *kinds, Py_ssize_t count, Said *said, size_t *ends) {
    Entry sorted[MAX_KEYS];
    Py_ssize_t size = sort_members(body, sorted), next = 0, at = 0, stamp = 0;
    int good = size >= 0 && write_byte(out, '{');
    while (good && (at < size || stamp < 4)) {
        int order = at == size ? 1 : stamp == 4 ? -1
                  : compare(sorted[at].text, sorted[at].size, stamps[stamp].text, stamps[stamp].size);
        if (!order) return 0; /* that is the log's alone to say */
        const Entry *one = order < 0 ? &sorted[at++] : &stamps[stamp++];
        good = write_member(out, one, at + stamp == 1);
        if (order > 0) {
            if (stamp == 1) good = good && write_value(out, node, 1);
            if (stamp == 2 || stamp == 3) ends[stamp - 2] = out->size;
            if (stamp == 4) good = good && write_byte(out, '1');
            continue;
        }
        if (is_wanted(names, count, &next, one->text, one->size))
            good = good && note_member(said, one, (byte)kinds[next]);
        good = good && write_value(out, one->value, 1);
    }
    return good && write_byte(out, '}');
}

PyDoc_STRVAR(set_down_doc,
             "set_down(body, node, names, kinds, max_size) -> the fields of a Draft\n\n"
             "of an entry: its canonical bytes before, between and after its number and time, whether\n"
             "it opens an export, which one it closes, the shape it holds. None where it may be\n"
             "outside the profile or too long, or a member of these ascending names not of its kind:\n"
             "k kind of entry, s text, i integer, b truth value, c treatments.");

static PyObject *set_down(PyObject *module, PyObject *args) {
    PyObject *body, *node, *names;
    const char *kinds;
    Py_ssize_t width, max_size;
    Name wanted[MAX_NAMES];
    size_t ends[2] = {0};
    Said said = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "OUO!s#n", &body, &node, &PyTuple_Type, &names, &kinds, &width,
                          &max_size))
        return NULL;
    Py_ssize_t count = read_columns(wanted, names, width);
    if (count < 0) return NULL;
    Bytes out = {malloc(USUAL), 0, USUAL};
    if (!out.data) return PyErr_NoMemory();
    int good = Py_TYPE(body) == &PyDict_Type &&
               write_entry(&out, body, node, wanted, kinds, count, &said, ends) &&
               out.size <= (size_t)max_size && said.kind && said.kind_size;
    PyObject *shape = good && is_kind(&said, "shape") ? said.shape : Py_None;
    if (!shape || (good && is_kind(&said, "shape") && (shape == Py_None || !PyUnicode_GetLength(shape))))
        good = 0;
    PyObject *made = NULL;
    if (good) {
        const char *text = (const char *)out.data;
        int opens = is_kind(&said, "export") && said.released == Py_True;
        made = Py_BuildValue("(y#y#y#)OOO", text, (Py_ssize_t)ends[0], text + ends[0],
                             (Py_ssize_t)(ends[1] - ends[0]), text + ends[1],
                             (Py_ssize_t)(out.size - ends[1]), opens ? Py_True : Py_False,
                             is_kind(&said, "outcome") && said.export ? said.export : Py_None, shape);
    } else
        made = Py_NewRef(Py_None);
    free(out.data);
    return made;
}
