"""Trains one vocabulary with a trainer that is published as a Python wheel.

`trainers.py JOB` reads a file of JSON with these members and prints one line of JSON:
  trainer   name of the trainer
  path      a file of documents; a document is a line, or the file has one document without a line end
  merges    merges wanted
  min_count pairs that occur less often are not merged, where a trainer can do that
  alphabet  number of different bytes in the file
  threads   threads to use
  bound     whether to stay on one core
  out       file for the merges
Time is that from the file to the trained vocabulary, importing not included; memory is the most that
the process held up to then. Merges are written a line each, in hexadecimal: both halves, or the whole
token where a trainer does not tell them apart.
"""

import json
import os
import resource
import sys
import time

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def documents(job):
    """The lines of the file, with their ends; a carriage return ends none."""
    return open(job["path"], encoding="utf-8", newline="\n")


def byte_level():
    """The byte that each character of a byte-level file stands for."""
    own = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in own]
    return {chr(byte): byte for byte in own} | {
        chr(256 + number): byte for number, byte in enumerate(others)
    }


def halves(pairs):
    letters = byte_level()
    return [[bytes(letters[c] for c in half) for half in pair] for pair in pairs]


def rustbpe():
    from rustbpe import Tokenizer

    def train(job):
        tokenizer = Tokenizer()
        tokenizer.train_from_iterator(documents(job), 256 + job["merges"], pattern=GPT2)
        return lambda: [[bytes(token)] for token, _ in tokenizer.get_mergeable_ranks()[256:]]

    return train


def fast_bpe_rs():
    from fast_bpe_rs import BPE

    def train(job):
        tokenizer = BPE(GPT2)
        tokenizer.train(256 + job["merges"], list(documents(job)))
        ids = range(256, 256 + job["merges"])
        # What is not there decodes to nothing.
        return lambda: [[token] for token in (tokenizer.decode([id]) for id in ids) if token]

    return train


def bpeasy():
    from bpeasy import train_bpe

    def train(job):
        vocabulary = train_bpe(documents(job), GPT2, 65_535, 256 + job["merges"], 1000)
        return lambda: [[token] for token in sorted(vocabulary, key=vocabulary.get)[256:]]

    return train


def ffbpe():
    from ffbpe import train_bpe

    def train(job):
        model = train_bpe(documents(job), vocab_size=256 + job["merges"])
        return lambda: [[token] for token in sorted(model.vocab, key=model.vocab.get)[256:]]

    return train


def gigabpe():
    from gigabpe import train_bpe

    def train(job):
        # Bytes that do not occur are no entries.
        size = job["alphabet"] + job["merges"]
        _, merges = train_bpe(
            [job["path"]],
            size,
            special_tokens=[],
            min_frequency=job["min_count"],
            pretokenizer="bytelevel",
            threads=job["threads"],
        )
        return lambda: halves(merges)

    return train


def tokenizers():
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    def train(job):
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
        trainer = trainers.BpeTrainer(
            vocab_size=256 + job["merges"],
            special_tokens=[],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            min_frequency=job["min_count"],
            show_progress=False,
        )
        tokenizer.train([job["path"]], trainer)
        return lambda: halves(json.loads(tokenizer.to_str())["model"]["merges"])

    return train


TRAINERS = {
    "rustbpe": rustbpe,
    "fast-bpe-rs": fast_bpe_rs,
    "bpeasy": bpeasy,
    "ffbpe": ffbpe,
    "gigabpe": gigabpe,
    "tokenizers": tokenizers,
}


def peak():
    """Most memory held so far, in kibibytes, where the system tells."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


def main():
    with open(sys.argv[1]) as file:
        job = json.load(file)
    if job["bound"] and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    train = TRAINERS[job["trainer"]]()
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    merges = train(job)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "user_seconds": after.ru_utime - before.ru_utime,
        "system_seconds": after.ru_stime - before.ru_stime,
        "wall_seconds": wall,
        "kibibytes": peak(),
    }
    merges = merges()
    with open(job["out"], "w") as file:
        file.writelines(" ".join(half.hex() for half in merge) + "\n" for merge in merges)
    print(json.dumps(told | {"merges": len(merges)}), flush=True)


if __name__ == "__main__":
    main()
