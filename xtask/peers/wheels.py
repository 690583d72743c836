"""Measures tokenizers that are published as Python wheels.

Reads commands and answers each, one line of JSON a command:
  {"load": NAME, "ranks": FILE, "scheme": "cl100k" | "o200k"}   {}
  {"ids": FILE, "out": FILE}                                    {}
  {"encode": FILE}                                              {"seconds": SECONDS}
Ids are written as little-endian numbers of 32 bits. Seconds are processor time of the process, as
in the program that asks; reading the file is not timed.
"""

import json
import sys
import time


def gigatoken(ranks, scheme):
    import gigatoken

    # The library finds special tokens in every text that it knows them for: none, here.
    tokenizer = gigatoken.Tokenizer.from_tiktoken(ranks, pretokenizer=scheme, special_tokens={})
    return tokenizer.encode


LOADERS = {"gigatoken": gigatoken}


class Session:
    def __init__(self):
        self.encode = None
        # The last document; reading it is nobody's work.
        self.path = None
        self.document = None

    def read(self, path):
        if path != self.path:
            with open(path, "rb") as file:
                self.document = file.read()
            self.path = path
        return self.document

    def answer(self, command):
        if "load" in command:
            loader = LOADERS[command["load"]]
            self.encode = loader(command["ranks"], command["scheme"])
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
