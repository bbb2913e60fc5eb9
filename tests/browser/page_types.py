"""One address of each type of page: what holds for every page is tested on these (``test_everywhere.py``).

A new kind of page gets a line here. `REAL` are addresses of the real graph, `SMALL` of the invented one of
``tests/pages_site.py``, which has hostile texts and lists of several pages.
"""

from __future__ import annotations

from collections.abc import Mapping

REAL: Mapping[str, str] = {
    "home": "/",
    "documents": "/documents",
    "studies": "/studies",
    "publications": "/publications",
    "claims": "/claims",
    "registrations": "/registrations",
    "document": "/document/nygaard-2024.html",
    "document-report": "/document/fhi-2021.html",
    "study": "/study/actimus.html",
    "study-large": "/study/mist.html",
    "publication": "/publication/burt-2019.html",
    "person": "/person/trygve-holmoy.html",
    "organisation": "/organisation/beslutningsforum.html",
    "decision": "/decision/fhi-2021.702916e7f3.1.html",
    "search-strings": "/search/fhi-2021.1.html",
    "result": "/result/fhi-2021.046e057061.1.html",
    "graph": "/graph/identity.html",
    "claim": "/claim/nygaard-2024.89b51131f0.1.1.html",
    "registration": "/registration/NCT00273364.html",
    "browse": "/browse",
    "concept": "/scheme/outcome/mortality.html",
    "scheme": "/scheme/outcome.html",
    "map": "/map",
    "timeline": "/timeline",
    "results": "/results",
    "compare": "/compare",
    "flow": "/flow",
    "searches": "/searches",
    "vocabulary": "/vocabulary",
    "term": "/vocabulary/claimText",
    "graphs": "/graphs",
    "export": "/export?study=mist",
    "quality": "/quality",
    "count": "/count",
    "count-numbers": "/count?numbers=NCT00273364+NCT00000000",
    "review": "/review",
    "review-document": "/review/fhi-2021?severity=error",
    "review-report": "/review/nygaard-2024/report",
    "queries": "/queries",
    "question": "/queries/how-much-rests-on-how-little",
    "question-chart": "/queries/exclusion-reasons?view=chart",
    "question-refused": "/queries/ongoing-trials-that-should-have-ended?date=x",
    "sparql": "/sparql",
    "sparql-answer": "/sparql?query=SELECT+%3Fs+%3Fo+%7B+%3Fs+a+%3Fo+%7D+LIMIT+20",
    "sparql-refused": "/sparql?query=SELECT",
    "search": "/search?q=trial",
    "releases": "/releases/",
    "changes": "/changes",
    "missing": "/study/none",
}
SMALL: Mapping[str, str] = {
    "hostile": "/claim/one.dddddddddd.1.1.html",
    "inverse": "/document/to.html?inverse=https%3A%2F%2Fw3id.org%2Fmsevidence%2Fontology%23inDocument&page=2",
    "second-page": "/claims?page=2",
    "publication": "/publication/first-2019.html",
    "graph": "/graph/document-one.html",
}
STATUS: Mapping[str, int] = {"question-refused": 400, "sparql-refused": 400, "missing": 404}
"""Of the pages that are not 200."""
