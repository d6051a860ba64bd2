"""Expands SAM templates with AWS's own translator: one JSON document in, one out, no network.

In:  {name: {"template": …, "parameters": {…}, "region": …}}
Out: {name: {"template": …} or {"refusal": text}}
"""

import json
import logging
import sys
from types import SimpleNamespace

import boto3

logging.disable(logging.CRITICAL)

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.policy_template_processor.processor import PolicyTemplatesProcessor
from samtranslator.translator import arn_generator
from samtranslator.translator.transform import transform


# It checks its own policy templates anew for every template; that they are as they were shipped is known.
PolicyTemplatesProcessor._is_valid_templates_dict = staticmethod(lambda *_: True)


class NoManagedPolicies:
    """Names are looked up in the translator's own list alone."""

    def load(self):
        return {}


def expanded(case):
    # All that is asked of a session is its Region, and a real one takes a tenth of a second.
    boto3.session.Session = lambda: SimpleNamespace(region_name=case["region"])
    arn_generator._get_region_from_session.cache_clear()
    try:
        return {"template": transform(case["template"], case["parameters"], NoManagedPolicies())}
    except InvalidDocumentException as refusal:
        return {"refusal": " ".join([refusal.message, *[cause.message for cause in refusal.causes]])}
    except Exception as mistake:  # what the translator did not foresee
        return {"crash": f"{type(mistake).__name__}: {mistake}"}


json.dump({name: expanded(case) for name, case in json.load(sys.stdin).items()}, sys.stdout)
