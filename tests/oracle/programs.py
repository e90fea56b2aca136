# SPDX-License-Identifier: MIT
"""Random NumPy programs for differential.py: every kind of line that `memhint inspect` follows, the wrong ones too.

A Writer runs what it writes, so that the next line can fit the arrays that are there. What NumPy 1.x and 2 answer differently is not written (np.array(copy=False),
an array without axes or a NumPy scalar beside an array of another dtype); differential.py throws out what is left of that.
"""
import re

LETTERS = "abcdefghijklmnop"
MOST = 20000 # elements of one array
REAL = ("float64", "float32", "float16")
INTEGER = ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64")
DTYPES = ("float64",) * 6 + ("float32",) * 3 + ("int64",) * 3 + ("int32",) * 2 + REAL + INTEGER + ("bool", "complex64", "complex128")
CODES = {"float64": ("'f8'", "'<f8'", "float", "'d'", "'float'"), "float32": ("'f4'", "'<f4'", "'f'"), "float16": ("'f2'", "'e'"), "int64": ("'i8'", "int", "'int'"),
         "int32": ("'i4'", "'<i4'"), "int16": ("'i2'",), "int8": ("'i1'",), "uint8": ("'u1'",), "uint16": ("'u2'",), "uint32": ("'u4'",), "uint64": ("'u8'",),
         "bool": ("bool", "'bool'", "'?'", "np.bool_"), "complex64": ("'c8'",), "complex128": ("complex", "'c16'")}
BINARY = ("+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!=", "&", "|", "^")
UNARY_CALLS = ("sqrt", "exp", "sin", "cos", "tanh", "abs", "absolute", "negative", "square", "floor", "ceil", "log1p", "isnan", "isfinite", "sign", "conj", "logical_not", "rint")
BINARY_CALLS = ("add", "subtract", "multiply", "divide", "true_divide", "maximum", "minimum", "power", "floor_divide", "mod", "hypot", "arctan2", "equal", "less",
                "greater_equal", "logical_and", "logical_or", "not_equal")
REDUCTIONS = ("sum", "mean", "std", "var", "max", "min", "prod", "any", "all", "argmax", "argmin")


class Writer:
    def __init__(self, random, session):
        self.r, self.session, self.np = random, session, session.np
        self.fresh = list(LETTERS)
        self.afterwards = None # an array that has an extent that depends on data

    # ---- choosing ----

    def chance(self, p):
        return self.r.random() < p

    def pick(self, *choices):
        return self.r.choice(choices)

    def name(self):
        """An array that is there."""
        names = list(self.session.arrays())
        # The latest ones make longer chains.
        return names[-1] if self.chance(0.5) else self.r.choice(names)

    def target(self):
        if self.session.arrays() and self.chance(0.1) or not self.fresh:
            return self.name()
        return self.fresh.pop(0)

    def value(self, name):
        return self.session.names[name]

    def dtype(self):
        name = self.r.choice(DTYPES)
        return self.r.choice((f"np.{name}" if name != "bool" else "bool", f"'{name}'") + CODES[name])

    def axis(self, ndim, bad=0.04):
        if ndim == 0 or self.chance(bad):
            return self.r.randint(-ndim - 2, ndim + 1)
        return self.r.randint(-ndim, ndim - 1)

    def axes(self, ndim):
        """As a reduction takes them: one, None, several."""
        kind = self.r.random()
        if kind < 0.15 or ndim == 0:
            return "None"
        if kind < 0.75 or ndim == 1:
            return str(self.axis(ndim))
        chosen = self.r.sample(range(ndim), self.r.randint(1, ndim))
        if self.chance(0.03):
            chosen.append(chosen[0])
        return tuple_text([k - ndim if self.chance(0.3) else k for k in chosen])

    def shape(self, ndim=None, most=6):
        ndim = self.r.choice((0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5)) if ndim is None else ndim
        return [0 if self.chance(0.03) else 1 if self.chance(0.12) else self.r.randint(1, most) for _ in range(ndim)]

    def factors(self, size):
        """A shape of that size; sometimes one that is not."""
        if self.chance(0.04):
            size += self.pick(1, -1, 2)
        shape = []
        while size > 1 and len(shape) < 4 and self.chance(0.85):
            divisors = [d for d in range(1, min(size, 40) + 1) if size % d == 0]
            shape.append(self.r.choice(divisors))
            size //= shape[-1]
        if size != 1 or not shape:
            shape.append(size)
        if self.chance(0.2):
            shape.append(1)
        self.r.shuffle(shape)
        return shape

    def reshaped(self, size):
        shape = self.factors(size)
        if self.chance(0.4):
            shape[self.r.randrange(len(shape))] = -1
        if self.chance(0.02):
            shape[self.r.randrange(len(shape))] = -1
        return shape

    # ---- indices ----

    def integer(self, extent, bad=0.03):
        if extent == 0 or self.chance(bad):
            return self.r.choice((extent, -extent - 1, extent + 3))
        return self.r.randint(-extent, extent - 1)

    def a_slice(self, extent):
        def end():
            return "" if self.chance(0.45) else str(self.r.randint(-extent - 2, extent + 2))
        step = self.pick("", "", "", ":", ":1", ":2", ":3", ":-1", ":-1", ":-2", f":{extent + 1}", ":-7")
        if self.chance(0.01):
            step = ":0"
        return f"{end()}:{end()}{step}"

    def fancy(self, extent, length):
        if extent == 0: # an index out of bounds that picks nothing is an error in NumPy 2 alone
            return "[]"
        kind = self.r.random()
        if kind < 0.55:
            text = list_text([self.integer(extent, 0.01) for _ in range(length)])
            return text if self.chance(0.75) or not length else f"np.array({text})"
        if kind < 0.7 and length:
            rows = [[self.integer(extent, 0)] for _ in range(length)] if self.chance(0.5) else [[self.integer(extent, 0) for _ in range(length)] for _ in range(self.pick(1, 2))]
            text = list_text([list_text(row) for row in rows])
            return text if self.chance(0.6) else f"np.array({text})"
        if kind < 0.9:
            truths = [True] * min(length, extent) + [False] * max(0, extent - length)
            self.r.shuffle(truths)
            if self.chance(0.03):
                truths.append(True)
            text = list_text(truths) if truths else "[]"
            return text if self.chance(0.7) or not truths else f"np.array({text})"
        if length and extent >= length and self.chance(0.6):
            return f"np.arange({length})"
        return str(self.integer(extent, 0.01))

    def index(self, array, fancy=None):
        shape, items, k = array.shape, [], 0
        fancy = self.chance(0.35) if fancy is None else fancy
        length = self.r.choice((0, 1, 2, 2, 3, 3, 4))
        dots = False
        while k < len(shape):
            kind = self.r.random()
            if kind < 0.12 and not dots:
                items.append("...")
                dots = True
                k = self.r.randint(k, len(shape))
            elif kind < 0.2:
                items.append(self.pick("None", "np.newaxis"))
            elif kind < 0.45 and not fancy:
                items.append(str(self.integer(shape[k])))
                k += 1
            elif kind < 0.7 and fancy:
                if k + 1 < len(shape) and shape[k] * shape[k + 1] <= 12 and self.chance(0.12):
                    items.append(list_text([list_text([self.chance(0.5) for _ in range(shape[k + 1])]) for _ in range(shape[k])]) if shape[k] and shape[k + 1] else "0")
                    k += 1
                else:
                    items.append(self.fancy(shape[k], length))
                k += 1
            elif kind < 0.8 and k:
                break
            else:
                items.append(self.a_slice(shape[k]))
                k += 1
        if self.chance(0.02) or not items:
            items.append(self.pick("0", "...", "None", ":", "..."))
        if self.chance(0.015):
            items.insert(self.r.randint(0, len(items)), self.pick("True", "False", "..."))
        if len(items) == 1 and self.chance(0.03):
            return items[0] + ","
        return ", ".join(items)

    # ---- making ----

    def literal(self):
        kind = self.r.random()
        if kind < 0.1:
            return self.pick("5", "2.5", "True", "1j", "-3")
        word = self.r.choice((lambda: self.r.randint(-9, 9), lambda: self.r.randint(0, 9), lambda: self.r.randint(-9, 9) / 2, lambda: self.chance(0.5), lambda: "1j",
                              lambda: self.pick(1, 2.5), lambda: self.pick(True, 3)))
        shape = self.shape(self.r.choice((1, 1, 1, 2, 2, 3)), 3)

        def nested(extents):
            if not extents:
                return str(word())
            inside = [nested(extents[1:]) for _ in range(extents[0])]
            return tuple_text(inside) if self.chance(0.1) else list_text(inside)
        return nested(shape)

    def shape_argument(self):
        shape = self.shape()
        if len(shape) == 1 and self.chance(0.6):
            return str(shape[0])
        return list_text(shape) if self.chance(0.1) else tuple_text(shape)

    def options(self, *choices):
        """Keyword arguments, each there or not."""
        return "".join(", " + choice() for choice in choices if self.chance(0.3))

    def dtype_option(self):
        return "dtype=" + self.dtype()

    def order_option(self, orders="CFAK"):
        return f"order='{self.r.choice(orders)}'"

    def make(self):
        r = self.r
        kind = r.random()
        if kind < 0.35:
            shape = self.shape(r.choice((1, 2, 2, 2, 3, 3, 4)))
            size = int(self.np.prod(shape))
            text = r.choice((f"np.arange({size}{self.options(self.dtype_option)})", f"np.arange({float(size)})", f"np.arange({size}, dtype={self.dtype()})"))
            # NumPy itself cannot fill these
            text = re.sub(r"dtype=(bool|'bool'|'\?'|np\.bool_)", "dtype='i4'", text)
            return text + (f".reshape({', '.join(map(str, shape))})" if len(shape) > 1 or self.chance(0.2) else "")
        if kind < 0.42:
            start, step = r.randint(-5, 5), self.pick(1, 2, 3, 0.5, -1, 0.25)
            stop = start + step * r.randint(-2, 30)
            return f"np.arange({start}, {stop}{self.pick('', f', {step}')})"
        if kind < 0.62:
            return f"np.{self.pick('zeros', 'ones', 'empty')}({self.shape_argument()}{self.options(self.dtype_option, lambda: self.order_option('CF'))})"
        if kind < 0.68:
            value = self.pick("0", "1.5", "True", "2j", "7")
            return f"np.full({self.shape_argument()}, {value}{self.options(self.dtype_option, lambda: self.order_option('CF'))})"
        if kind < 0.74:
            return f"np.linspace(0, {self.pick('1', '2.5', '10')}{self.pick('', ', 7', ', 0', ', 1', ', num=12')}{self.options(lambda: 'endpoint=False', self.dtype_option)})"
        if kind < 0.8:
            return f"np.eye({r.randint(0, 6)}{self.pick('', '', f', {r.randint(0, 6)}')}{self.options(lambda: 'k=1', self.dtype_option, lambda: self.order_option('CF'))})"
        if kind < 0.9:
            return f"np.{self.pick('array', 'array', 'asarray')}({self.literal()}{self.options(self.dtype_option)})"
        if kind < 0.95:
            return f"np.random.rand({', '.join(map(str, self.shape()))})"
        return f"np.random.default_rng({self.pick('', '0')}).random({self.shape_argument()})"

    # ---- what is done with arrays ----

    def unary(self, name=None):
        """An expression over one array."""
        name = name or self.name()
        a, r = self.value(name), self.r
        ndim, shape, size = a.ndim, a.shape, a.size
        kind = r.randrange(44)
        f = self.pick("np.", "np.", "np.", "numpy." if self.chance(0.1) else "np.")
        if kind < 7:
            return f"{name}[{self.index(a)}]"
        if kind == 7:
            return f"{name}[{self.index(a, True)}]"
        if kind < 11:
            to = self.reshaped(size)
            order = self.pick("", "", "", ", order='F'", ", order='A'", ", order='C'")
            if self.chance(0.25):
                return f"{f}reshape({name}, {tuple_text(to)}{order})"
            return f"{name}.reshape({self.pick(tuple_text(to), ', '.join(map(str, to)))}{order})"
        if kind == 11:
            return f"{name}.ravel({self.pick('', '', repr(r.choice('CFAK')), self.order_option())})" if self.chance(0.8) else f"{f}ravel({name}{self.options(self.order_option)})"
        if kind == 12:
            return f"{name}.flatten({self.pick('', repr(r.choice('CFAK')))})"
        if kind < 15:
            return f"{name}.T"
        if kind == 15:
            order = list(range(ndim))
            r.shuffle(order)
            if self.chance(0.06) and order:
                order[0] = self.pick(order[-1], ndim, -ndim - 1)
            if self.chance(0.03):
                order = order[1:]
            order = [k - ndim if self.chance(0.15) else k for k in order]
            return r.choice((f"{name}.transpose()", f"{name}.transpose({', '.join(map(str, order))})", f"{name}.transpose({tuple_text(order)})", f"{f}transpose({name}, {tuple_text(order)})",
                             f"{f}transpose({name})"))
        if kind == 16:
            return f"{name}.swapaxes({self.axis(ndim)}, {self.axis(ndim)})" if self.chance(0.5) else f"{f}swapaxes({name}, {self.axis(ndim)}, {self.axis(ndim)})"
        if kind == 17:
            if ndim > 1 and self.chance(0.3):
                one, two = r.sample(range(ndim), 2), r.sample(range(-ndim, 0), 2)
                return f"{f}moveaxis({name}, {self.pick(tuple_text(one), list_text(one))}, {tuple_text(two)})"
            return f"{f}{self.pick('moveaxis', 'rollaxis')}({name}, {self.axis(ndim)}, {self.axis(ndim)})"
        if kind == 18:
            ones = [k for k in range(ndim) if shape[k] == 1]
            axis = self.axis(ndim) if not ones or self.chance(0.1) else r.choice(ones)
            which = r.choice(("", f"{axis}", f"axis={axis}", f"axis={tuple_text(ones)}"))
            return f"{name}.squeeze({which})" if self.chance(0.6) else f"{f}squeeze({name}{', ' if which else ''}{which})"
        if kind == 19:
            axis = r.choice((self.axis(ndim + 1), self.axis(ndim + 1), tuple_text(r.sample(range(ndim + 2), 2))))
            return f"{f}expand_dims({name}, {self.pick('', 'axis=')}{axis})"
        if kind == 20:
            return f"{f}atleast_{self.pick('1d', '2d', '3d')}({name})"
        if kind == 21:
            to = [r.randint(1, 4) if n == 1 and self.chance(0.8) else n for n in shape]
            to = self.shape(self.pick(0, 0, 1, 2)) + to
            if self.chance(0.1) and to:
                to[r.randrange(len(to))] += 1
            if self.chance(0.04):
                to = to[1:]
            return f"{f}broadcast_to({name}, {tuple_text(to)})"
        if kind == 22:
            reps = r.choice((r.randint(0, 3), tuple_text([r.randint(1, 3) for _ in range(r.randint(1, ndim + 1))]), 2))
            return f"{f}tile({name}, {reps})"
        if kind == 23:
            axis = self.axis(ndim)
            counts = r.randint(0, 4)
            if ndim and self.chance(0.25) and -ndim <= axis < ndim:
                counts = list_text([r.randint(0, 3) for _ in range(shape[axis] + (self.chance(0.05)))])
                return f"{f}repeat({name}, {counts}, axis={axis})"
            return r.choice((f"{f}repeat({name}, {counts})", f"{f}repeat({name}, {counts}, axis={axis})", f"{name}.repeat({counts})", f"{name}.repeat({counts}, axis={axis})", f"{f}repeat({name}, {counts}, {axis})"))
        if kind == 24:
            return r.choice((f"{f}flip({name})", f"{f}flip({name}, {self.axes(ndim)})", f"{f}flip({name}, axis={self.axis(ndim)})", f"{f}flipud({name})", f"{f}fliplr({name})",
                             f"{f}rot90({name})", f"{f}rot90({name}, {r.randint(-2, 5)})", f"{f}rot90({name}, 1, {tuple_text(r.sample(range(max(ndim, 2)), 2))})"))
        if kind == 25:
            if ndim > 1 and self.chance(0.2):
                return f"{f}roll({name}, (1, 2), axis=(0, 1))"
            return r.choice((f"{f}roll({name}, {r.randint(-3, 3)})", f"{f}roll({name}, {r.randint(-3, 3)}, axis={self.axis(ndim)})", f"{f}roll({name}, 1, {self.axis(ndim)})"))
        if kind == 26:
            k = r.randint(-2, 3)
            return r.choice((f"{name}.diagonal()", f"{name}.diagonal({k})", f"{f}diagonal({name}, offset={k})", f"{f}diag({name})", f"{f}diag({name}, {k})", f"{f}diag({name}, k={k})",
                             f"{name}.diagonal({k}, {self.axis(ndim)}, {self.axis(ndim)})", f"{f}diagonal({name}, axis1={self.axis(ndim)}, axis2={self.axis(ndim)})",
                             f"{f}triu({name})", f"{f}triu({name}, {k})"))
        if kind == 27:
            return r.choice((f"{name}.real", f"{name}.imag", f"{f}real({name})", f"{name}.real", f"{name}.conj()"))
        if kind == 28:
            return f"{name}.view({self.pick('', self.dtype(), self.dtype(), self.dtype())})"
        if kind < 31:
            dtype = r.choice((self.dtype(), self.dtype(), f"{name}.dtype"))
            if str(a.dtype).startswith("complex") and "c" not in dtype and self.chance(0.8):
                dtype = "complex"
            return f"{name}.astype({dtype}{self.options(lambda: f'copy={self.pick(True, False, False)}', self.order_option)})"
        if kind == 31:
            return r.choice((f"{name}.copy()", f"{name}.copy('{r.choice('CFAK')}')", f"{name}.copy({self.order_option()})", f"{f}copy({name})", f"{f}copy({name}, {self.order_option()})"))
        if kind == 32:
            return f"{f}{self.pick('ascontiguousarray', 'asfortranarray')}({name}{self.options(self.dtype_option)})"
        if kind == 33:
            return f"{f}{self.pick('asarray', 'asarray', 'array', 'array')}({name}{self.options(self.dtype_option, self.order_option)})"
        if kind == 34:
            return f"{f}{self.pick('zeros', 'ones', 'empty')}_like({name}{self.options(self.dtype_option, self.order_option, lambda: f'shape={self.shape_argument()}')})" if self.chance(0.8) \
                else f"{f}full_like({name}, 3{self.options(self.dtype_option, self.order_option)})"
        if kind == 35:
            return self.strided(name, a)
        if kind == 36:
            if ndim > 1 and self.chance(0.4):
                axes = r.sample(range(ndim), 2)
                window = [r.randint(1, max(1, shape[k])) for k in axes]
                return f"sliding_window_view({name}, {tuple_text(window)}, axis={tuple_text(axes)})"
            if self.chance(0.3):
                return f"{self.pick('', 'np.lib.stride_tricks.')}sliding_window_view({name}, {tuple_text([r.randint(1, max(1, n) + self.chance(0.05)) for n in shape])})"
            axis = self.axis(ndim)
            extent = shape[axis] if -ndim <= axis < ndim else 1
            return f"sliding_window_view({name}, {r.randint(1, max(1, extent) + self.chance(0.1))}{', ' + self.pick('', 'axis=') + str(axis) if ndim != 1 or self.chance(0.3) else ''})"
        if kind == 37:
            axis = self.axis(ndim)
            extent = shape[axis] if -ndim <= axis < ndim else size
            length = r.choice((0, 1, 2, 3, 4))
            chosen = r.choice((list_text([self.integer(extent, 0.01) for _ in range(length)]), str(self.integer(extent)), list_text([list_text([self.integer(extent, 0)]) for _ in range(length)])))
            # NumPy 1.24 never comes back from mode='wrap' along an axis of no elements, where another has none either.
            mode = self.options(lambda: f"mode='{self.pick('wrap', 'clip') if size else 'clip'}'")
            if self.chance(0.2):
                return f"{name}.take({list_text([self.integer(size, 0.01) for _ in range(length)])})"
            return r.choice((f"{name}.take({chosen}, axis={axis}{mode})", f"{f}take({name}, {chosen}, axis={axis}{mode})", f"{f}take({name}, {chosen}, {axis})"))
        if kind == 38:
            axis = self.axis(ndim, 0)
            extent = shape[axis] if ndim else 1
            truths = list_text([self.chance(0.5) for _ in range(min(extent, 8))])
            return f"{f}compress({truths}, {name}, axis={axis})" if self.chance(0.6) else f"{name}.compress({truths}, axis={axis})"
        if kind == 39:
            axis = r.choice(("", f", axis={self.axis(ndim)}", ", axis=None", f", {self.axis(ndim)}"))
            return f"{f}{self.pick('sort', 'argsort', 'sort')}({name}{axis})" if self.chance(0.7) else f"{name}.argsort({axis[2:]})"
        if kind == 40:
            axis = self.axis(ndim)
            return r.choice((f"{f}cumsum({name})", f"{f}cumsum({name}, axis={axis})", f"{name}.cumsum({axis})", f"{f}cumprod({name}, axis={axis})", f"{f}diff({name})", f"{f}diff({name}, axis={axis})"))
        if kind == 41:
            return f"{name}.base" if any(value is a.base for value in self.session.arrays().values()) else f"{name}"
        return self.reduction(name, a, f)

    def reduction(self, name, a, f):
        how = self.r.choice(REDUCTIONS)
        ndim = a.ndim
        if self.chance(0.06): # it has no method
            return f"{f}median({name}{', ' + 'axis=' + self.axes(ndim) if self.chance(0.7) else ''}{self.options(lambda: 'keepdims=True')})"
        if how.startswith("arg"):
            axis = self.pick("", f"axis={self.axis(ndim)}", str(self.axis(ndim)))
            keep = self.options(lambda: "keepdims=True") if axis.startswith("axis") else ""
        else:
            axis = self.pick("", f"axis={self.axes(ndim)}", f"axis={self.axes(ndim)}", self.axes(ndim))
            keep = self.options(lambda: f"keepdims={self.pick(True, True, False)}") if axis == "" or axis.startswith("axis") else ""
            if how in ("sum", "mean", "prod", "std") and self.chance(0.15):
                keep += ", dtype=" + self.pick("np.float64", "'f4'", "float", "complex")
        inside = (axis + keep).removeprefix(", ")
        if self.chance(0.55):
            return f"{name}.{how}({inside})"
        return f"{f}{how}({name}{', ' if inside else ''}{inside})"

    def strided(self, name, a):
        """as_strided that stays inside the array's own bytes."""
        r = self.r
        if not a.size or a.ndim == 0:
            return f"as_strided({name})"
        shape, strides = [], []
        room = [n - 1 for n in a.shape]
        for _ in range(r.randint(1, 3)):
            k, step = r.randrange(a.ndim), r.randint(0, 2)
            extent = r.randint(1, 3) if step == 0 else r.randint(1, room[k] // step + 1)
            room[k] -= step * (extent - 1)
            shape.append(extent)
            strides.append(step * a.strides[k])
        form = self.pick(f"{tuple_text(shape)}, {tuple_text(strides)}", f"shape={tuple_text(shape)}, strides={tuple_text(strides)}")
        return f"{self.pick('', 'np.lib.stride_tricks.')}as_strided({name}, {form}{self.options(lambda: 'writeable=False')})"

    def compatible(self, name):
        """Another operand that broadcasts against it: an array that is there, a number, or an array made on the spot."""
        a = self.value(name)
        arrays = [other for other, b in self.session.arrays().items() if self.fits(a, b)]
        if arrays and self.chance(0.6):
            return self.r.choice(arrays)
        if self.chance(0.5):
            return self.pick("2", "2.0", "1", "0.5", "3", "True" if self.chance(0.2) else "1.5", "2j" if self.chance(0.2) else "4")
        shape = [1 if self.chance(0.3) else n for n in a.shape][self.r.randint(0, a.ndim):]
        if self.chance(0.2):
            shape = [self.r.randint(1, 3)] + [1] * (a.ndim - len(shape)) + shape
        if self.chance(0.04) and shape:
            shape[0] += 2
        if a.ndim == 0 or not shape:
            return self.pick("2", "3.0")
        return f"np.{self.pick('ones', 'zeros')}({tuple_text(shape)}{self.pick('', ', dtype=' + self.dtype())})"

    def fits(self, a, b):
        if self.chance(0.03):
            return True
        if (a.ndim == 0 or b.ndim == 0) and a.dtype != b.dtype:
            return False
        try:
            self.np.broadcast_shapes(a.shape, b.shape)
        except ValueError:
            return False
        return True

    def elementwise(self):
        name, r = self.name(), self.r
        kind = r.random()
        if kind < 0.12:
            return f"{self.pick('-', '-', '+', '~')}{name}"
        if kind < 0.24:
            # NumPy 2.1 leaves integers alone where 1.x made floats of them
            calls = UNARY_CALLS if self.value(name).dtype.kind in "fc" else [call for call in UNARY_CALLS if call not in ("floor", "ceil")]
            return f"np.{r.choice(calls)}({name}{self.loop()})"
        other = self.compatible(name)
        pair = (name, other) if self.chance(0.7) else (other, name)
        if kind < 0.4:
            return f"np.{r.choice(BINARY_CALLS)}({pair[0]}, {pair[1]}{self.loop()})"
        if kind < 0.48 and self.value(name).ndim:
            return f"np.where({name}{self.pick(' > 2', ' == 0', '')}, {name}, {other})"
        operator = r.choice(BINARY[:5] if self.chance(0.7) else BINARY)
        if kind < 0.7:
            third = self.compatible(name)
            return r.choice((f"({pair[0]} {operator} {pair[1]}) * {third}", f"{pair[0]} {operator} {third} + {other}", f"({name}.T + {self.pick(1, 2.0)}).T"))
        return f"{pair[0]} {operator} {pair[1]}"

    def loop(self):
        return ", " + self.dtype_option() if self.chance(0.1) else ""

    def product(self):
        name, r = self.name(), self.r
        a = self.value(name)
        if a.ndim == 0:
            return f"np.dot({name}, 2)"
        partners = [f"np.ones({tuple_text([a.shape[-1], r.randint(1, 4)])})", f"np.ones({a.shape[-1]})", f"np.ones(({r.randint(1, 3)}, {a.shape[-1]}, 2), dtype=np.float32)"]
        if a.ndim == 2:
            partners += [f"{name}.T"] * 2
        if a.ndim == 1:
            partners += [name] * 2
        if self.chance(0.1):
            partners.append(self.name())
        other = r.choice(partners)
        how = r.random()
        if how < 0.04:
            return self.pick(f"np.dot({name}, 2)", f"np.dot(2.5, {name})")
        if how < 0.08:
            return f"np.inner({name}, np.ones({tuple_text([r.randint(1, 4), a.shape[-1]])}))"
        if how < 0.35:
            return f"{name} @ {other}"
        if how < 0.6:
            return f"np.matmul({name}, {other})"
        if how < 0.85:
            return f"np.dot({name}, {other})"
        return f"{name}.dot({other})"

    def joined(self):
        name, r = self.name(), self.r
        a = self.value(name)
        how = r.random()
        if how < 0.35:
            axis = self.axis(a.ndim)
            others = [other for other, b in self.session.arrays().items() if b.ndim == a.ndim and a.ndim and -a.ndim <= axis < a.ndim
                      and [n for k, n in enumerate(b.shape) if k != axis % a.ndim] == [n for k, n in enumerate(a.shape) if k != axis % a.ndim]]
            row = [r.choice(others or [name]) for _ in range(r.randint(1, 3))]
            if self.chance(0.04):
                row.append(self.name())
            form = self.pick(list_text(row), tuple_text(row))
            return f"np.concatenate({form}{self.pick('', f', axis={axis}', f', axis={axis}', f', {axis}', ', axis=None')})"
        same = [other for other, b in self.session.arrays().items() if b.shape == a.shape]
        row = [r.choice(same) for _ in range(r.randint(1, 3))]
        if self.chance(0.05):
            row.append(self.name())
        form = self.pick(list_text(row), tuple_text(row))
        if how < 0.6:
            return f"np.stack({form}{self.pick('', f', axis={self.axis(a.ndim + 1)}', f', {self.axis(a.ndim + 1)}')})"
        return f"np.{self.pick('vstack', 'hstack', 'dstack', 'column_stack')}({form})"

    def chained(self):
        """Several operations in one expression."""
        name = self.name()
        text = name
        for _ in range(self.r.randint(2, 3)):
            text += self.pick(".T", ".T", "[::2]", "[::-1]", ".ravel()", ".reshape(-1)", ".copy()", "[..., ::2]", "[None]", ".flatten()", ".astype(np.float32)", "[:]", ".view()", ".swapaxes(0, -1)",
                              ".squeeze()", "[..., 0]", "[1:]", ".reshape(-1, 1)", ".reshape(1, -1)", ".sum(axis=0)", ".ravel('F')", ".reshape(-1, order='F')", ".transpose()", ".diagonal()", "[[0]]", ".real",
                              ".copy(order='K')")
        return text

    # ---- statements ----

    def statement(self):
        r = self.r
        if self.afterwards in self.session.arrays():
            return self.after_data()
        if not self.session.arrays():
            return f"{self.target()} = {self.make()}"
        kind = r.random()
        if kind < 0.47:
            return f"{self.target()} = {self.unary()}"
        if kind < 0.58:
            return f"{self.target()} = {self.elementwise()}"
        if kind < 0.61:
            return f"{self.target()} = {self.product()}"
        if kind < 0.65:
            return f"{self.target()} = {self.joined()}"
        if kind < 0.70:
            return f"{self.target()} = {self.chained()}"
        if kind < 0.74:
            return f"{self.target()} = {self.make()}"
        if kind < 0.76:
            return f"{self.target()} = {self.name()}"
        if kind < 0.80:
            return self.in_place()
        if kind < 0.83:
            return self.several()
        if kind < 0.85:
            name = self.name()
            return f"del {name}" if len(self.session.arrays()) > 1 else f"{name} = {name}"
        if kind < 0.86:
            return self.with_out()
        if kind < 0.866:
            return f"{self.target()} = {self.pick('nosuch', 'zz', 'undefined')}{self.pick('', '.T', ' + 1', '[0]')}"
        if kind < 0.88:
            return self.data()
        return f"print({self.question()})"

    def in_place(self):
        name, r = self.name(), self.r
        a = self.value(name)
        kind = r.random()
        if kind < 0.45:
            operator, other = r.choice(BINARY[:7]), self.compatible(name)
            # NumPy 1's shortcut for ** 2.0 leaves integers what they are
            return f"{name} {'*' if operator == '**' and a.dtype.kind in 'iub' else operator}= {other}"
        if kind < 0.6 and a.ndim:
            return r.choice((f"{name}[1:] += {name}[:-1]", f"{name} += {name}[::-1]", f"{name} += {name}.T", f"{name}[{self.index(a)}] += {self.pick(1, 2.5)}", f"{name}[...] *= 2"))
        if kind < 0.9:
            return f"{name}[{self.index(a)}] = {self.pick('0', '1.5', '7', name, self.compatible(name))}"
        return f"{name}.{self.pick('sort()', 'fill(3)', 'sort(axis=0)')}"

    def with_out(self):
        name = self.name()
        other = self.compatible(name)
        return self.pick(f"np.add({name}, {other}, out={name})", f"np.sqrt({name}, out={self.name()})", f"np.multiply({name}, 2, {self.name()})",
                         f"{self.target()} = np.add({name}, {other}, out={self.name()})", f"np.abs({name}, out={name})")

    def several(self):
        name, r = self.name(), self.r
        a = self.value(name)
        kind = r.random()
        if kind < 0.2:
            one, two = self.target(), self.target()
            return f"{one}, {two} = {self.name()}, {self.name()}{self.pick('', '.T')}"
        if kind < 0.4:
            one, two = self.target(), self.target()
            return f"{one}, {two} = np.broadcast_arrays({name}, {self.compatible(name)})"
        axis = self.axis(a.ndim)
        extent = a.shape[axis] if -a.ndim <= axis < a.ndim else 2
        parts = r.randint(1, 3)
        if kind < 0.6:
            return f"{self.target()} = np.{self.pick('split', 'array_split')}({name}, {parts}, axis={axis})[{r.randint(-parts, parts - 1)}]"
        if kind < 0.75 and len(self.fresh) > 3:
            one, two, three = self.target(), self.target(), self.target()
            return f"{one}, {two}, {three} = np.array_split({name}, 3{self.pick('', f', axis={axis}')})"
        if kind < 0.9:
            cut = sorted(r.randint(0, extent) for _ in range(2))
            return f"{self.target()} = np.split({name}, {list_text(cut)}, axis={axis})[{self.pick(0, 1, 2, -1)}]"
        if a.ndim and a.shape[0] == 2:
            one, two = self.target(), self.target()
            return f"{one}, {two} = {name}"
        one, two = self.target(), self.target()
        return f"{one} = {two} = {self.unary(name)}"

    def data(self):
        name = old = self.name()
        comparison = f"{self.pick('>', '<', '==')} {self.pick(0, 3, 100)}" if self.value(name).dtype.kind != "c" else "== 1"
        self.afterwards = name = self.target()
        return f"{name} = " + self.pick(f"np.unique({old})", f"np.nonzero({old})[0]", f"{old}.nonzero()[-1]", f"np.where({old})[0]", f"{old}[{old} {comparison}]",
                                        f"{old}[{old} {comparison}]", f"{old}[..., {old} {comparison}]", f"np.extract({old} {comparison}, {old})")

    def after_data(self):
        """What asks nothing of an extent that only the data decide."""
        name = self.afterwards
        return self.pick(f"print({name}.ndim, {name}.dtype, {name}.base is None)", f"{self.target()} = {name} + {name}", f"{self.target()} = {name}.T", f"{self.target()} = {name}.copy()",
                         f"{self.target()} = {name}[::-1]", f"{self.target()} = {name}.astype('f4')", f"{self.target()} = {name}[..., None]", f"{self.target()} = np.sort({name})",
                         f"{self.target()} = {name}.reshape(-1)", f"{self.target()} = {name}")

    def question(self):
        name, other, r = self.name(), self.name(), self.r
        a = self.value(name)
        questions = [f"{name}.shape", f"{name}.ndim", f"{name}.size", f"{name}.nbytes", f"{name}.itemsize", f"{name}.dtype", f"{name}.flags.owndata", f"{name}.flags['OWNDATA']",
                     f"{name}.flags.writeable", f"{name}.flags.c_contiguous", f"{name}.flags['C_CONTIGUOUS']", f"{name}.flags['F_CONTIGUOUS']", f"{name} is {other}", f"{name} is not {other}",
                     f"{name}.base is {other}", f"{name}.base is None", f"{name}.base is not None", f"np.shares_memory({name}, {other})", f"np.may_share_memory({name}, {other})",
                     f"np.ndim({name})", f"np.shape({name})", f"{name}.T.shape", f"{name}.dtype == {self.dtype()}", f"{name}.shape == {other}.shape"]
        if a.ndim:
            questions += [f"len({name})", f"{name}.shape[{self.axis(a.ndim)}]", f"len({name}.shape)", f"np.shares_memory({name}[::2], {name}[1::2])",
                          f"np.may_share_memory({name}[::2], {name}[1::2])", f"{name}[::-1].base is {name}"]
        if a.ndim and min(a.shape) > 1:
            questions += [f"{name}.strides"] * 4 + [f"{name}.strides[0]", f"{name}.T.strides", f"{name}[::-1].strides"]
        chosen = [r.choice(questions) for _ in range(self.pick(1, 1, 2, 3))]
        return ", ".join(chosen)

    # ---- the program ----

    def write(self, statements):
        """Write and run lines until there are enough or one fails. Lines that would be too large are not written."""
        for _ in range(statements):
            for _ in range(20):
                source = self.statement()
                if self.too_large(source):
                    continue
                break
            if not self.session.run(source):
                break
            if any(array.size > MOST for array in self.session.arrays().values()):
                break
        return self.session.done

    def too_large(self, source):
        return len(source) > 400 or len(self.session.arrays()) > 12


def tuple_text(items):
    items = [str(item) for item in items]
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def list_text(items):
    return f"[{', '.join(str(item) for item in items)}]"
