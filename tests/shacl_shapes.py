"""Small shapes and awkward values for tests of the compiled shapes: each constraint of SHACL Core, and all values."""

import pyoxigraph as ox

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <https://example.org/> .
"""

_VALUES = """
ex:a ex:b ex:sub _:blank _:other "" "a" "A" "ab" "abc" "a\\nb" "a\\n" "æøå" "𝒳" "\\u0020a\\u0020" "1" "2020"
"a"@en "a"@en-GB "b"@EN "a"@nb "a"@nb-NO-x-a "a"^^xsd:string "a"^^xsd:token "a"^^ex:type "a"^^xsd:anyURI
1 01 -1 +1 0 9 10 99999999999999999999 "x"^^xsd:integer ""^^xsd:integer "\\u00201\\u0020"^^xsd:integer
"1.0"^^xsd:integer 1.5 1.50 "x"^^xsd:decimal 1.0 "1"^^xsd:decimal 1e0 "INF"^^xsd:double "1"^^xsd:float "x"^^xsd:float
true false "1"^^xsd:boolean "0"^^xsd:boolean "yes"^^xsd:boolean "TRUE"^^xsd:boolean
"300"^^xsd:byte "c"^^xsd:byte "-1"^^xsd:nonNegativeInteger "5"^^xsd:positiveInteger "5"^^xsd:long
"2020-01-01"^^xsd:date "2020-13-01"^^xsd:date "2020-01-01Z"^^xsd:date "2020-01-01+01:00"^^xsd:date "2020"^^xsd:date
"2020"^^xsd:gYear "20"^^xsd:gYear "2021"^^xsd:gYear "x"^^xsd:gYear "2020-02"^^xsd:gYearMonth "2020-14"^^xsd:gYearMonth
"2020-01-01T00:00:00"^^xsd:dateTime "2020-01-01T00:00:00Z"^^xsd:dateTime "2021-06-01T12:00:00.5+02:00"^^xsd:dateTime
"2020-01-01T25:00:00"^^xsd:dateTime "12:00:00"^^xsd:time "25:00:00"^^xsd:time "P1Y"^^xsd:duration "x"^^xsd:duration
"AQ=="^^xsd:base64Binary "0a"^^xsd:hexBinary "<a/>"^^rdf:XMLLiteral
"""
VALUES = _VALUES.split()

BOUNDS = (
    "0",
    "1",
    "1.5",
    "1e0",
    '"a"',
    '"x"^^xsd:integer',
    '"2020-01-01"^^xsd:date',
    '"2020"^^xsd:gYear',
    '"2020-01"^^xsd:gYearMonth',
    '"2020-01-01T00:00:00"^^xsd:dateTime',
    '"2020-01-01T00:00:00Z"^^xsd:dateTime',
    '"12:00:00"^^xsd:time',
    "true",
)

CONSTRAINTS = {
    "sh:class": ["ex:C", "ex:C , ex:D"],
    "sh:datatype": [
        *("xsd:string", "xsd:integer", "xsd:decimal", "xsd:float", "xsd:double", "xsd:boolean", "xsd:byte", "xsd:date"),
        *("xsd:gYear", "xsd:gYearMonth", "xsd:dateTime"),
        *("xsd:time", "xsd:duration", "xsd:anyURI", "xsd:token", "xsd:hexBinary", "rdf:langString", "rdfs:Literal"),
        *("rdfs:Datatype", "xsd:nonNegativeInteger", "xsd:positiveInteger", "xsd:long", "ex:type", "rdf:XMLLiteral"),
    ],
    "sh:nodeKind": [f"sh:{k}" for k in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral")]
    + ["sh:IRIOrLiteral"],
    "sh:minCount": ["0", "1", "2", "200"],
    "sh:maxCount": ["0", "1", "200"],
    "sh:minInclusive": list(BOUNDS),
    "sh:minExclusive": list(BOUNDS),
    "sh:maxInclusive": list(BOUNDS),
    "sh:maxExclusive": [*BOUNDS, "1 , 10"],
    "sh:minLength": ["0", "1", "3"],
    "sh:maxLength": ["0", "1", "3"],
    "sh:pattern": ['"^a$"', '"A" ; sh:flags "i"', '"^b" ; sh:flags "m"', '"^[0-9]+$" , "1"', '"/b$"', '"."', '""'],
    "sh:languageIn": ['( "en" )', '( "EN" "nb" )', '( "*" )', "()", '( "nb-NO" )'],
    "sh:uniqueLang": ["true", "false"],
    "sh:equals": ["ex:q", "ex:q , ex:r", "ex:p"],
    "sh:disjoint": ["ex:q", "ex:q , ex:r"],
    "sh:not": ["[ sh:datatype xsd:integer ]", "[ sh:nodeKind sh:IRI ] , [ sh:minLength 2 ]", "[ sh:deactivated true ]"],
    "sh:and": ["( [ sh:nodeKind sh:Literal ] [ sh:minLength 2 ] )", "( [ sh:nodeKind sh:IRI ; sh:class ex:C ] )"],
    "sh:or": [
        "( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
        "( ex:Named [ sh:path ex:p ; sh:minCount 1 ] )",
    ],
    "sh:xone": ["( [ sh:nodeKind sh:IRI ] [ sh:class ex:C ] )", "( ex:Named ex:Named )"],
    "sh:node": ["ex:Named", "[ sh:nodeKind sh:IRI ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] ]", "ex:Closed"],
    "sh:property": ["[ sh:path ex:p ; sh:minCount 1 ]", "ex:Inner", "[ sh:path ex:p ; sh:node ex:Named ]"],
    "sh:closed": ["true", "false", "true ; sh:ignoredProperties ( ex:q rdf:type )"],
    "sh:hasValue": ["ex:a", "1", "ex:a , ex:none", '"a"@en', '"1"^^xsd:decimal'],
    "sh:in": ['( ex:a 1 "a" "b"@en "2020"^^xsd:gYear )', "()"],
}
"""Parameter → values that it is given, each in a shape of its own."""

QUALIFIED = [
    "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 4",
    "sh:qualifiedValueShape [ sh:nodeKind sh:Literal ] ; sh:qualifiedMaxCount 3",
    "sh:qualifiedValueShape ex:Named ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2",
]
PATHS = [
    "ex:p",
    "[ sh:inversePath ex:p ]",
    "( ex:p ex:p )",
    "( [ sh:inversePath ex:p ] ex:q )",
    "[ sh:alternativePath ( ex:p ex:q [ sh:inversePath ex:p ] ) ]",
    "[ sh:zeroOrMorePath ex:p ]",
    "[ sh:oneOrMorePath ex:p ]",
    "[ sh:zeroOrOnePath ex:p ]",
    "[ sh:inversePath [ sh:zeroOrMorePath ex:p ] ]",
    "( [ sh:zeroOrMorePath [ sh:alternativePath ( ex:p ex:r ) ] ] ex:q )",
    "[ sh:inversePath [ sh:inversePath ex:p ] ]",
]
TARGETS = [
    'sh:targetNode ex:s , ex:nowhere , 7 , "a"',
    "sh:targetClass ex:C",
    "sh:targetClass ex:D , ex:C",
    "sh:targetSubjectsOf ex:q",
    "sh:targetObjectsOf ex:p",
    "sh:targetObjectsOf ex:q ; sh:targetClass ex:C ; sh:targetNode ex:nowhere",
    "a sh:NodeShape , rdfs:Class",
    "a sh:NodeShape , owl:Class",
]
NAMED = """
ex:Named sh:nodeKind sh:IRI ; sh:property ex:Inner .
ex:Inner sh:path ex:q ; sh:maxCount 1 ; sh:severity sh:Warning .
ex:Closed sh:closed true ; sh:property ex:Inner .
"""
SAID = """
ex:sub a ex:E . ex:E rdfs:subClassOf ex:D . ex:D rdfs:subClassOf ex:C . ex:C rdfs:subClassOf ex:E . ex:b a ex:C , ex:D .
ex:a ex:p ex:b ; ex:q 1 , 2 . ex:b ex:p ex:sub , ex:a ; ex:q ex:a ; ex:r "r" . ex:sub ex:p ex:sub .
ex:s ex:q ex:a , 1 , "a" , "a"@en , 1.5 ; ex:r ex:b , "ab" .
ex:i a ex:S0 ; ex:p 3 .
"""


def statements(turtle: str) -> list[ox.Triple]:
    """Return the statements of a text in Turtle, with the prefixes of this module."""
    return [quad.triple for quad in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)]


def awkward() -> list[ox.Triple]:
    """Return a graph in which ``ex:s`` has all the values for ``ex:p``, and ``ex:v<n>`` one each."""
    each = " ".join(f"ex:v{n} a ex:One ; ex:p {value} ." for n, value in enumerate(VALUES))
    return statements(f"{SAID} _:other ex:p ex:a ; ex:q ( 1 2 ) . ex:s ex:p {' , '.join(VALUES)} . {each}")


def shapes_of(parameter: str) -> str:
    """Return shapes that have one constraint each: of the values of a property, and of focus nodes."""
    nodes = parameter not in ("sh:minCount", "sh:maxCount", "sh:uniqueLang")
    found = [NAMED]
    for number, value in enumerate(CONSTRAINTS[parameter]):
        target = "sh:targetNode ex:s , ex:nowhere"
        found.append(f"ex:P{number} a sh:PropertyShape ; {target} ; sh:path ex:p ; {parameter} {value} .")
        if nodes and number < 2:
            found.append(f"ex:N{number} a sh:NodeShape ; sh:targetObjectsOf ex:p ; {parameter} {value} .")
    return "\n".join(found)
