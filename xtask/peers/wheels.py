"""Measures tokenizers that are published as Python wheels.

Reads commands and answers each, one line of JSON a command:
  {"load": NAME, "ranks": FILE, "scheme": "cl100k" | "o200k"}   {}
  {"ids": FILE, "out": FILE}                                    {}
  {"encode": FILE}                                              {"seconds": SECONDS}
Ids are written as little-endian numbers of 32 bits. Seconds are processor time of the process, as
in the program that asks; what a tokenizer needs as a Python string or as bytes is made beforehand.
"""

import json
import sys
import time


def gigatoken(ranks, scheme):
    import gigatoken

    # The library finds special tokens in every text that it knows them for: none, here.
    tokenizer = gigatoken.Tokenizer.from_tiktoken(ranks, pretokenizer=scheme, special_tokens={})
    return tokenizer.encode, bytes


def tiktoken(ranks, scheme):
    import base64

    import tiktoken
    from tiktoken_ext import openai_public

    # The constructor would fetch the rank file: it is given the one at hand.
    def load(*_args, **_named):
        with open(ranks, "rb") as file:
            lines = (line.split() for line in file if line.strip())
            return {base64.b64decode(token): int(rank) for token, rank in lines}

    openai_public.load_tiktoken_bpe = load
    encoding = tiktoken.Encoding(**getattr(openai_public, f"{scheme}_base")())
    return encoding.encode_ordinary, str


LOADERS = {"gigatoken": gigatoken, "tiktoken": tiktoken}


class Session:
    def __init__(self):
        self.encode = None
        self.kind = bytes
        # The last document; reading it is nobody's work.
        self.path = None
        self.document = None

    def read(self, path):
        if path != self.path:
            with open(path, "rb") as file:
                self.document = file.read()
            if self.kind is str:
                self.document = self.document.decode()
            self.path = path
        return self.document

    def answer(self, command):
        if "load" in command:
            loader = LOADERS[command["load"]]
            self.encode, self.kind = loader(command["ranks"], command["scheme"])
            return {}
        if "ids" in command:
            import numpy

            ids = self.encode(self.read(command["ids"]))
            numpy.asarray(ids, dtype="<u4").tofile(command["out"])
            return {}
        document = self.read(command["encode"])
        started = time.process_time()
        ids = self.encode(document)
        seconds = time.process_time() - started
        del ids
        return {"seconds": seconds}


def main():
    session = Session()
    for line in sys.stdin:
        try:
            answer = session.answer(json.loads(line))
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
