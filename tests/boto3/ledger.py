"""What was seen: which operation gave which answer, and what was wrong with any of them."""

import collections

import models


class Ledger:
    """Every answer goes through here, by an event of botocore that comes before botocore parses it."""

    def __init__(self):
        self.good = set()
        self.errors = collections.defaultdict(set)
        self.complaints = []

    def answered(self, operation_model, response_dict, **_):
        service = operation_model.service_model.service_name
        operation, body = operation_model.name, response_dict["body"]
        if response_dict["status_code"] < 300:
            self.good.add((service, operation))
            self.complaints += models.answer(service, operation, body)
            return
        code, complaints = models.error(service, operation, body, response_dict["headers"])
        self.errors[service, operation].add(code)
        self.complaints += complaints

    def complain(self, text):
        self.complaints.append(text)
