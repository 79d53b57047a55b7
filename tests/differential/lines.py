"""A program that answers a line with a line, kept running between questions."""

import json
import subprocess
import threading


class Lines:
    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, questions):
        def write():
            for question in questions:
                self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()

        # Written beside the reading: both pipes are shorter than the questions.
        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        answers = []
        for _ in questions:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"{self.command[0]} stopped with {self.process.wait()} after {len(answers)} of {len(questions)} answers")
            answers.append(json.loads(line))
        writer.join()
        return answers
