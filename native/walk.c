/* JSON text -> columns of distinct texts, in one pass over the bytes.
 *
 * The compiled twin of gateway/codecs/places.py for plain cases. Whatever is invalid, ambiguous or
 * merely unusual is declined (None): then the Python walk decides and gives the error. So nothing
 * is accepted here that is refused there, and tests compare both on what is accepted.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(Py_ssize_t) == 8, "spans are read as 64-bit integers");

#define MAX_DEPTH 100
#define MAX_DIGITS 4000
#define NEAR 4 /* children after the expected one that are compared before the keys are searched */

enum { FLOAT, BOOLEAN, INTEGER, TEXT, KINDS };

typedef struct {
    PyObject *known;     /* distinct text -> its number, in order of first appearance */
    Py_ssize_t distinct; /* how many */
    Py_ssize_t count, room;
    Py_ssize_t *refs, *rows, *spans; /* spans: start and end of each token */
} Cells;

typedef struct Node {
    PyObject *pointer, *name;
    struct Node *parent_next; /* all nodes, for freeing */
    char *key;
    Py_ssize_t key_size;
    uint64_t seen; /* the last object that had this key */
    struct Node **children;
    Py_ssize_t count, room;
    PyObject *keys; /* key -> number of the child; hashed with the interpreter's secret */
    struct Node *elements;
    Cells cells[KINDS];
    int is_items;
} Node;

typedef struct {
    const char *start, *at, *end;
    PyObject *items; /* pointer of the records' array, or NULL */
    int lines;
    uint64_t objects;
    Py_ssize_t records, places, max_places, max_pointer;
    Node *all;
    char *buffer;
    size_t buffer_room;
    int failed; /* a Python error is set; otherwise a failure means: declined */
} Walk;

static int grow(void **array, Py_ssize_t *room, size_t size) {
    Py_ssize_t more = *room ? *room * 2 : 8;
    void *bigger = realloc(*array, (size_t)more * size);
    if (!bigger) return 0;
    *array = bigger;
    *room = more;
    return 1;
}

static Node *new_node(Walk *w, PyObject *pointer, PyObject *name) {
    Node *node = pointer ? calloc(1, sizeof(Node)) : NULL;
    if (!node) {
        Py_XDECREF(pointer);
        return NULL;
    }
    node->pointer = pointer;
    Py_INCREF(name);
    node->name = name;
    node->parent_next = w->all;
    w->all = node;
    if (w->items) node->is_items = PyUnicode_Compare(pointer, w->items) == 0;
    if (++w->places > w->max_places || PyUnicode_GetLength(pointer) > w->max_pointer) return NULL;
    return node;
}

static void free_walk(Walk *w) {
    Node *node = w->all;
    while (node) {
        Node *next = node->parent_next;
        Py_XDECREF(node->pointer);
        Py_XDECREF(node->name);
        for (int kind = 0; kind < KINDS; kind++) {
            Cells *cells = &node->cells[kind];
            Py_XDECREF(cells->known);
            free(cells->refs);
            free(cells->rows);
            free(cells->spans);
        }
        free(node->key);
        free(node->children);
        Py_XDECREF(node->keys);
        free(node);
        node = next;
    }
    free(w->buffer);
}

/* ---- keys ---- */

static int same_key(const Node *node, const char *key, Py_ssize_t size) {
    return node->key_size == size && memcmp(node->key, key, (size_t)size) == 0;
}

/* RFC 6901 escapes, and ~2 for a key that is literally *. */
static PyObject *pointer_of(PyObject *parent, const char *key, Py_ssize_t size) {
    Py_ssize_t before;
    const char *head = PyUnicode_AsUTF8AndSize(parent, &before);
    if (!head) return NULL;
    char *text = malloc((size_t)(before + 2 * size + 3));
    if (!text) return NULL;
    memcpy(text, head, (size_t)before);
    Py_ssize_t at = before;
    text[at++] = '/';
    if (size == 1 && key[0] == '*') {
        text[at++] = '~';
        text[at++] = '2';
    } else {
        for (Py_ssize_t i = 0; i < size; i++) {
            if (key[i] == '~' || key[i] == '/') {
                text[at++] = '~';
                text[at++] = key[i] == '~' ? '0' : '1';
            } else {
                text[at++] = key[i];
            }
        }
    }
    PyObject *pointer = PyUnicode_FromStringAndSize(text, at);
    free(text);
    return pointer;
}

static Node *add_child(Walk *w, Node *node, PyObject *name, const char *key, Py_ssize_t size) {
    Node *child = new_node(w, pointer_of(node->pointer, key, size), name);
    if (!child || !(child->key = malloc((size_t)size + 1))) return NULL;
    memcpy(child->key, key, (size_t)size);
    child->key_size = size;
    if (node->count == node->room &&
        !grow((void **)&node->children, &node->room, sizeof(Node *)))
        return NULL;
    if (!node->keys && !(node->keys = PyDict_New())) return NULL;
    PyObject *number = PyLong_FromSsize_t(node->count);
    int done = number && PyDict_SetItem(node->keys, name, number) == 0;
    Py_XDECREF(number);
    node->children[node->count++] = child;
    return done ? child : NULL;
}

/* The child for a key; objects of one kind have the same keys in the same order, as a rule. */
static Node *child_of(Walk *w, Node *node, Py_ssize_t *expected, const char *key, Py_ssize_t size) {
    for (Py_ssize_t i = *expected; i < node->count && i <= *expected + NEAR; i++) {
        if (same_key(node->children[i], key, size)) {
            *expected = i + 1;
            return node->children[i];
        }
    }
    PyObject *name = PyUnicode_FromStringAndSize(key, size);
    if (!name) return NULL;
    PyObject *number = node->keys ? PyDict_GetItemWithError(node->keys, name) : NULL;
    Node *child = NULL;
    if (number) {
        *expected = PyLong_AsSsize_t(number) + 1;
        child = node->children[*expected - 1];
    } else if (!PyErr_Occurred()) {
        child = add_child(w, node, name, key, size);
        *expected = node->count;
    }
    Py_DECREF(name);
    return child;
}

/* ---- cells ---- */

static int add_cell(Walk *w, Node *node, int kind, Py_ssize_t row, PyObject *text,
                    const char *start, const char *end) {
    Cells *cells = &node->cells[kind];
    Py_ssize_t number;
    if (!text) return 0;
    if (!cells->known && !(cells->known = PyDict_New())) goto failed;
    PyObject *known = PyDict_GetItemWithError(cells->known, text);
    if (known) {
        number = PyLong_AsSsize_t(known);
    } else {
        if (PyErr_Occurred()) goto failed;
        number = cells->distinct++;
        PyObject *value = PyLong_FromSsize_t(number);
        if (!value || PyDict_SetItem(cells->known, text, value) < 0) {
            Py_XDECREF(value);
            goto failed;
        }
        Py_DECREF(value);
    }
    Py_DECREF(text);
    if (cells->count == cells->room) {
        Py_ssize_t room = cells->room, rows = cells->room, spans = cells->room;
        if (!grow((void **)&cells->refs, &room, sizeof(Py_ssize_t)) ||
            !grow((void **)&cells->rows, &rows, sizeof(Py_ssize_t)) ||
            !grow((void **)&cells->spans, &spans, 2 * sizeof(Py_ssize_t)))
            return 0;
        cells->room = room;
    }
    cells->refs[cells->count] = number;
    cells->rows[cells->count] = row;
    cells->spans[2 * cells->count] = start - w->start;
    cells->spans[2 * cells->count + 1] = end - w->start;
    cells->count++;
    return 1;
failed:
    Py_DECREF(text);
    w->failed = 1;
    return 0;
}

/* ---- tokens ---- */

static void skip_space(Walk *w) {
    while (w->at < w->end && (*w->at == ' ' || *w->at == '\t' || *w->at == '\r' ||
                              (*w->at == '\n' && !w->lines)))
        w->at++;
}

static int hex4(const char *at, const char *end, unsigned *unit) {
    if (end - at < 4) return 0;
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        unsigned digit;
        if (c >= '0' && c <= '9') digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f') digit = (unsigned)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F') digit = (unsigned)(c - 'A' + 10);
        else return 0;
        value = value * 16 + digit;
    }
    *unit = value;
    return 1;
}

static char *put_utf8(char *out, unsigned code) {
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xc0 | (code >> 6));
        *out++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *out++ = (char)(0xe0 | (code >> 12));
        *out++ = (char)(0x80 | ((code >> 6) & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    } else {
        *out++ = (char)(0xf0 | (code >> 18));
        *out++ = (char)(0x80 | ((code >> 12) & 0x3f));
        *out++ = (char)(0x80 | ((code >> 6) & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    }
    return out;
}

/* The inside of a string token between `from` and `to`, escapes undone, into the buffer. */
static int unescape(Walk *w, const char *from, const char *to, Py_ssize_t *size) {
    size_t need = (size_t)(to - from) + 4;
    if (need > w->buffer_room) {
        char *bigger = realloc(w->buffer, need * 2);
        if (!bigger) return 0;
        w->buffer = bigger;
        w->buffer_room = need * 2;
    }
    char *out = w->buffer;
    while (from < to) {
        if (*from != '\\') {
            *out++ = *from++;
            continue;
        }
        char mark = from[1]; /* the scan has seen that something follows */
        from += 2;
        switch (mark) {
        case '"': case '\\': case '/': *out++ = mark; break;
        case 'b': *out++ = '\b'; break;
        case 'f': *out++ = '\f'; break;
        case 'n': *out++ = '\n'; break;
        case 'r': *out++ = '\r'; break;
        case 't': *out++ = '\t'; break;
        case 'u': {
            unsigned unit, low;
            if (!hex4(from, to, &unit)) return 0;
            from += 4;
            if (unit >= 0xd800 && unit <= 0xdfff) {
                if (unit > 0xdbff || to - from < 6 || from[0] != '\\' || from[1] != 'u' ||
                    !hex4(from + 2, to, &low) || low < 0xdc00 || low > 0xdfff)
                    return 0;
                from += 6;
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            }
            out = put_utf8(out, unit);
            break;
        }
        default: return 0;
        }
    }
    *size = out - w->buffer;
    return 1;
}

/* A string token from the quote at `w->at`: its text's bytes, valid until the next token. */
static int read_string(Walk *w, const char **text, Py_ssize_t *size) {
    const char *at = w->at + 1;
    int escaped = 0;
    while (at < w->end && *at != '"') {
        if ((unsigned char)*at < 0x20) return 0;
        if (*at == '\\') {
            escaped = 1;
            if (++at >= w->end) return 0;
        }
        at++;
    }
    if (at >= w->end) return 0;
    if (escaped) {
        if (!unescape(w, w->at + 1, at, size)) return 0;
        *text = w->buffer;
    } else {
        *text = w->at + 1;
        *size = at - w->at - 1;
    }
    w->at = at + 1;
    return 1;
}

static int is_digit(const Walk *w) { return w->at < w->end && *w->at >= '0' && *w->at <= '9'; }

static int read_number(Walk *w, Node *node, Py_ssize_t row) {
    const char *start = w->at, *digits;
    int kind = INTEGER;
    if (*w->at == '-') w->at++;
    digits = w->at;
    if (!is_digit(w)) return 0;
    if (*w->at++ == '0') {
        if (is_digit(w)) return 0;
    } else {
        while (is_digit(w)) w->at++;
    }
    if (w->at < w->end && *w->at == '.') {
        kind = FLOAT;
        w->at++;
        if (!is_digit(w)) return 0;
        while (is_digit(w)) w->at++;
    }
    if (w->at < w->end && (*w->at == 'e' || *w->at == 'E')) {
        kind = FLOAT;
        w->at++;
        if (w->at < w->end && (*w->at == '+' || *w->at == '-')) w->at++;
        const char *power = w->at;
        while (is_digit(w)) w->at++;
        if (w->at == power || w->at - power > 2) return 0; /* what may be infinite is declined */
    }
    if (w->at - start > MAX_DIGITS || (kind == INTEGER && *start == '-' && *digits == '0'))
        return 0;
    if (w->at - start > 300 && kind == FLOAT) return 0;
    return add_cell(w, node, kind, row, PyUnicode_FromStringAndSize(start, w->at - start), start,
                    w->at);
}

static int is_word(Walk *w, const char *word, Py_ssize_t size) {
    if (w->end - w->at < size || memcmp(w->at, word, (size_t)size) != 0) return 0;
    w->at += size;
    return 1;
}

/* ---- values ---- */

static int read_value(Walk *w, Node *node, Py_ssize_t row, int depth);

static int read_object(Walk *w, Node *node, Py_ssize_t row, int depth) {
    uint64_t object = ++w->objects;
    Py_ssize_t expected = 0;
    w->at++;
    skip_space(w);
    if (w->at < w->end && *w->at == '}') {
        w->at++;
        return 1;
    }
    for (;;) {
        const char *key;
        Py_ssize_t size;
        if (w->at >= w->end || *w->at != '"' || !read_string(w, &key, &size)) return 0;
        Node *child = child_of(w, node, &expected, key, size);
        if (!child || child->seen == object) return 0; /* seen: the key stands twice */
        child->seen = object;
        skip_space(w);
        if (w->at >= w->end || *w->at != ':') return 0;
        w->at++;
        if (!read_value(w, child, row, depth + 1)) return 0;
        if (w->at >= w->end) return 0;
        if (*w->at == '}') {
            w->at++;
            return 1;
        }
        if (*w->at != ',') return 0;
        w->at++;
        skip_space(w);
    }
}

static int read_array(Walk *w, Node *node, Py_ssize_t row, int depth) {
    if (!node->elements) {
        PyObject *pointer = PyUnicode_FromFormat("%U/*", node->pointer);
        node->elements = new_node(w, pointer, node->name);
        if (!node->elements) return 0;
    }
    if (node->is_items) {
        if (w->records >= 0) return 0; /* two arrays of records: for the Python walk to say */
        w->records = 0;
    }
    w->at++;
    skip_space(w);
    if (w->at < w->end && *w->at == ']') {
        w->at++;
        return 1;
    }
    for (;;) {
        Py_ssize_t own = node->is_items ? w->records++ : row;
        if (!read_value(w, node->elements, own, depth + 1)) return 0;
        if (w->at >= w->end) return 0;
        if (*w->at == ']') {
            w->at++;
            return 1;
        }
        if (*w->at != ',') return 0;
        w->at++;
    }
}

/* One value and the space around it. */
static int read_value(Walk *w, Node *node, Py_ssize_t row, int depth) {
    if (depth > MAX_DEPTH) return 0;
    skip_space(w);
    if (w->at >= w->end) return 0;
    const char *start = w->at, *text;
    Py_ssize_t size;
    int done;
    switch (*w->at) {
    case '{': done = read_object(w, node, row, depth); break;
    case '[': done = read_array(w, node, row, depth); break;
    case '"':
        done = read_string(w, &text, &size) &&
               add_cell(w, node, TEXT, row, PyUnicode_DecodeUTF8(text, size, "strict"), start,
                        w->at);
        break;
    case 't':
        done = is_word(w, "true", 4) && add_cell(w, node, BOOLEAN, row,
                                                 PyUnicode_FromString("true"), start, w->at);
        break;
    case 'f':
        done = is_word(w, "false", 5) && add_cell(w, node, BOOLEAN, row,
                                                  PyUnicode_FromString("false"), start, w->at);
        break;
    case 'n': done = is_word(w, "null", 4); break;
    default: done = read_number(w, node, row);
    }
    if (done) skip_space(w);
    return done;
}

/* ---- results ---- */

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

typedef struct {
    PyObject *columns, *rows; /* rows: of the column before, often this one's too */
    const Py_ssize_t *last;
    Py_ssize_t last_count;
} Result;

static int put_cells(Result *result, const Node *node, int kind) {
    const Cells *cells = &node->cells[kind];
    if (!cells->count) return 1;
    if (!(result->rows && result->last_count == cells->count &&
          memcmp(result->last, cells->rows, (size_t)cells->count * sizeof(Py_ssize_t)) == 0)) {
        Py_XDECREF(result->rows);
        result->rows = sequence(cells->rows, cells->count);
        result->last = cells->rows;
        result->last_count = cells->count;
        if (!result->rows) return 0;
    }
    PyObject *values = PyDict_Keys(cells->known);
    PyObject *refs = sequence(cells->refs, cells->count);
    PyObject *spans = PyBytes_FromStringAndSize(
        (const char *)cells->spans, 2 * cells->count * (Py_ssize_t)sizeof(Py_ssize_t));
    int done = 0;
    if (values && refs && spans) {
        PyObject *column = Py_BuildValue("(OOiOOOO)", node->pointer, node->name, kind, values,
                                         result->rows, refs, spans);
        done = column && PyList_Append(result->columns, column) == 0;
        Py_XDECREF(column);
    }
    Py_XDECREF(values);
    Py_XDECREF(refs);
    Py_XDECREF(spans);
    return done;
}

static int put_keys(Result *result, const Node *node) {
    if (!node->count) return 1;
    PyObject *keys = PyList_New(node->count);
    for (Py_ssize_t i = 0; keys && i < node->count; i++) {
        PyObject *name = node->children[i]->name;
        Py_INCREF(name);
        if (PyList_SetItem(keys, i, name) < 0) Py_CLEAR(keys);
    }
    PyObject *column = keys ? Py_BuildValue("(OOiO)", node->pointer, node->name, KINDS, keys) : NULL;
    Py_XDECREF(keys);
    int done = column && PyList_Append(result->columns, column) == 0;
    Py_XDECREF(column);
    return done;
}

/* A node's own columns in the order of its kinds' names, then its members, then its elements. */
static int put_node(Result *result, const Node *node) {
    if (!put_cells(result, node, FLOAT) || !put_cells(result, node, BOOLEAN) ||
        !put_keys(result, node) || !put_cells(result, node, INTEGER) ||
        !put_cells(result, node, TEXT))
        return 0;
    for (Py_ssize_t i = 0; i < node->count; i++)
        if (!put_node(result, node->children[i])) return 0;
    return !node->elements || put_node(result, node->elements);
}

static int read_lines(Walk *w, Node *root) {
    const char *end = w->end;
    w->records = 0;
    while (w->at <= end) {
        const char *stop = w->at < end ? memchr(w->at, '\n', (size_t)(end - w->at)) : NULL;
        w->end = stop ? stop : end;
        skip_space(w);
        if (w->at < w->end) {
            if (!read_value(w, root, w->records++, 0) || w->at != w->end) return 0;
        }
        if (!stop) return 1;
        w->at = stop + 1;
    }
    return 1;
}

PyDoc_STRVAR(walk_doc,
"walk(body, prefix, items, shared, lines, max_places, max_pointer, /)\n--\n\n"
"Columns and records of a JSON text, or of one a line; None where it is declined.\n\n"
"A column is (pointer, name, kind, values, rows, refs, spans), spans being pairs of native\n"
"integers: where each cell's token starts and ends. A column of keys is (pointer, name, kind,\n"
"keys). `items` points to the array of records, `shared` is the row of cells outside it. The\n"
"number of records is -1 where there is no such array.");

static PyObject *walk(PyObject *module, PyObject *args) {
    const char *data;
    Py_ssize_t size, shared;
    PyObject *prefix, *items, *name, *out = NULL;
    Walk w = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "y#UOnpnn", &data, &size, &prefix, &items, &shared, &w.lines,
                          &w.max_places, &w.max_pointer))
        return NULL;
    w.start = w.at = data;
    w.end = data + size;
    w.items = items == Py_None ? NULL : items;
    w.records = -1;
    if (!(name = PyUnicode_FromString(""))) return NULL;
    Py_INCREF(prefix);
    Node *root = new_node(&w, prefix, name);
    Py_DECREF(name);
    int done = root && (w.lines ? read_lines(&w, root)
                                : read_value(&w, root, shared, 0) && w.at == w.end);
    if (done) {
        Result result = {PyList_New(0), NULL, NULL, 0};
        if (result.columns && put_node(&result, root))
            out = Py_BuildValue("(On)", result.columns, w.records);
        Py_XDECREF(result.columns);
        Py_XDECREF(result.rows);
    } else if (!w.failed) {
        PyErr_Clear(); /* text that is no UTF-8, for one */
        out = Py_NewRef(Py_None);
    }
    free_walk(&w);
    if (!out && !PyErr_Occurred()) PyErr_NoMemory();
    return out;
}

static PyMethodDef methods[] = {{"walk", walk, METH_VARARGS, walk_doc}, {NULL, NULL, 0, NULL}};

static int add_version(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", 1); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, add_version}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_walk",
                                    "JSON to columns, compiled.", 0, methods, slots, NULL, NULL,
                                    NULL};

PyMODINIT_FUNC PyInit__walk(void) { return PyModuleDef_Init(&module); }
