"""XML of the English returns: the same rows as CSV, and nested elements with their parents."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from lgdp.config import load_settings, locate
from lgdp.contracts.catalogue import load_catalogue
from lgdp.intake.bronze import BronzeSink
from lgdp.intake.reading import read_files
from lgdp.intake.sent_file import look_at

SSDA903_XML = """<?xml version='1.0' encoding='us-ascii'?>
<EXPSSDA903>
 <CHILD>
  <HEADER>
   <CHILDID>907440</CHILDID><UPN>D013219285333</UPN><SEX>2</SEX><DOB>28/07/2010</DOB>
   <ETHNIC>BAFR</ETHNIC><UASC>1</UASC><DUC>27/07/2028</DUC>
   <DATE_INT>1/6/2017</DATE_INT><DATE_MATCH>01/06/2017</DATE_MATCH><FOSTER_CARE>0</FOSTER_CARE>
   <NB_ADOPTR>1</NB_ADOPTR><SEX_ADOPTR>F1</SEX_ADOPTR><LS_ADOPTR>L0</LS_ADOPTR>
   <AMISSING><MISSING>M</MISSING><MIS_START>01/07/2017</MIS_START><MIS_END/></AMISSING>
   <AREVIEW><REVIEW>27/09/2017</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
   <AREVIEW><REVIEW>14/03/2018</REVIEW><REVIEW_CODE>PN2</REVIEW_CODE></AREVIEW>
   <MOTHER/><MC_DOB/>
   <PERMANENCE><PREV_PERM>P1</PREV_PERM><LA_PERM>800</LA_PERM>
    <DATE_PERM>ZZ/05/2012</DATE_PERM></PERMANENCE>
   <OC2><SDQ_SCORE>21</SDQ_SCORE><CONVICTED>0</CONVICTED></OC2>
   <AD_PLACED><DATE_PLACED>01/06/2017</DATE_PLACED></AD_PLACED>
  </HEADER>
  <EPISODE><DECOM>06/01/2017</DECOM><RNE>T</RNE><LS>J3</LS><CIN>N4</CIN><PL>R5</PL>
   <PL_POST>E7 5YR</PL_POST><HOME_POST>B15 8PZ</HOME_POST><URN>1465167</URN>
   <PLACE_PROVIDER>PR2</PLACE_PROVIDER><DEC>06/10/2017</DEC><REC>X1</REC>
   <REASON_PLACE_CHANGE>OTHER</REASON_PLACE_CHANGE></EPISODE>
  <EPISODE><DECOM>06/10/2017</DECOM><RNE>T</RNE><LS>J3</LS><CIN>N4</CIN><PL>K2</PL>
   <DEC/><REC/></EPISODE>
 </CHILD>
 <CHILD>
  <HEADER>
   <CHILDID>467642</CHILDID><UPN>UN2</UPN><SEX>1</SEX><DOB>06/03/2000</DOB><ETHNIC>CHNE</ETHNIC>
   <UASC/><IN_TOUCH>YES</IN_TOUCH><ACTIV>F2</ACTIV><ACCOM>B1</ACCOM>
  </HEADER>
 </CHILD>
</EXPSSDA903>
"""
SSDA903_CSV = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n"
    "907440,2,28/07/2010,BAFR,D013219285333,,\n467642,1,06/03/2000,CHNE,UN2,,\n",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,"
    "PL_POST,URN\n907440,06/01/2017,T,J3,N4,R5,PR2,06/10/2017,X1,OTHER,B15 8PZ,E7 5YR,1465167\n"
    "907440,06/10/2017,T,J3,N4,K2,,,,,,,\n",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE\n907440,28/07/2010,27/09/2017,PN1\n"
    "907440,28/07/2010,14/03/2018,PN2\n",
    "uasc": "CHILD,SEX,DOB,DUC\n907440,2,28/07/2010,27/07/2028\n",
    "oc2": "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,"
    "HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n"
    "907440,28/07/2010,21,,0,,,,,,,\n",
    "oc3": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\n467642,06/03/2000,YES,F2,B1\n",
    "ad1": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n"
    "907440,28/07/2010,1/6/2017,01/06/2017,0,1,F1,L0\n",
    "placed_for_adoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n"
    "907440,28/07/2010,01/06/2017,,\n",
    "previous_permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\n"
    "907440,28/07/2010,P1,800,ZZ/05/2012\n",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END\n907440,28/07/2010,M,01/07/2017,\n",
}
CIN_XML = """<Message>
 <Header>
  <CollectionDetails><Collection>CIN</Collection><Year>2022</Year>
   <ReferenceDate>2022-03-31</ReferenceDate></CollectionDetails>
  <Source><SourceLevel>L</SourceLevel><LEA>975</LEA><SerialNo>001</SerialNo></Source>
 </Header>
 <Children>
  <Child>
   <ChildIdentifiers><LAchildID>A1</LAchildID><GenderCurrent>1</GenderCurrent></ChildIdentifiers>
   <ChildCharacteristics><Ethnicity>WBRI</Ethnicity>
    <Disabilities><Disability>HAND</Disability><Disability>HEAR</Disability></Disabilities>
   </ChildCharacteristics>
   <CINdetails><CINreferralDate>2021-05-01</CINreferralDate><ReferralNFA>true</ReferralNFA>
   </CINdetails>
  </Child>
  <Child>
   <ChildIdentifiers><LAchildID>A2</LAchildID><GenderCurrent>2</GenderCurrent></ChildIdentifiers>
   <ChildCharacteristics><Ethnicity>WIRI</Ethnicity></ChildCharacteristics>
   <CINdetails><CINreferralDate>2021-06-01</CINreferralDate>
    <Assessments><AssessmentActualStartDate>2021-06-02</AssessmentActualStartDate>
     <FactorsIdentifiedAtAssessment><AssessmentFactors>2A</AssessmentFactors>
      <AssessmentFactors>2B</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>
    <CINPlanDates><CINPlanStartDate>2021-07-01</CINPlanStartDate></CINPlanDates>
    <Section47><S47ActualStartDate>2021-06-03</S47ActualStartDate>
     <ICPCnotRequired>0</ICPCnotRequired></Section47>
    <ReferralNFA>0</ReferralNFA>
    <ChildProtectionPlans><CPPstartDate>2021-08-01</CPPstartDate>
     <NumberOfPreviousCPP>1</NumberOfPreviousCPP>
     <Reviews><CPPreviewDate>2021-09-01</CPPreviewDate>
      <CPPreviewDate>2021-12-01</CPPreviewDate></Reviews></ChildProtectionPlans>
   </CINdetails>
  </Child>
 </Children>
</Message>
"""


def rows_of(name: str, period: str, files: dict[str, str], folder: Path) -> dict[str, list[dict]]:  # type: ignore[type-arg]
    """The rows of each table as bronze holds them, contract columns only, in the files' order."""
    folder.mkdir()
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    contract = load_catalogue(locate(), only=name).contract(name)
    ruleset = contract.ruleset(contract.read_period(period))
    limits = load_settings(locate().conf / "platform.yaml").limits
    sink = BronzeSink(folder, "0" * 32, "EX0000975")
    sent = [look_at(folder / file) for file in files]
    reading = read_files(sent, ruleset, contract.statutory_return.formats, limits, sink)
    assert reading.findings == ()
    return {
        table: pq.read_table(path, columns=list(ruleset.table(table).column_names)).to_pylist()
        for table, path in reading.paths.items()
    }


def test_ssda903_is_the_same_in_both_forms(tmp_path: Path) -> None:
    from_xml = rows_of("ssda903", "2017-18", {"return.xml": SSDA903_XML}, tmp_path / "xml")
    files = {f"{table}.csv": text for table, text in SSDA903_CSV.items()}
    from_csv = rows_of("ssda903", "2017-18", files, tmp_path / "csv")

    assert from_xml == from_csv
    assert set(from_xml) == set(SSDA903_CSV)


def test_children_in_need_are_flattened_with_the_numbers_of_their_parents(tmp_path: Path) -> None:
    rows = rows_of("children_in_need", "2021-22", {"cin.xml": CIN_XML}, tmp_path / "cin")

    assert {table: len(found) for table, found in rows.items()} == {
        "header": 1,
        "child_identifiers": 2,
        "child_characteristics": 2,
        "disabilities": 2,
        "cin_details": 2,
        "assessments": 1,
        "assessment_factors_list": 2,
        "cin_plan_dates": 1,
        "section47": 1,
        "child_protection_plans": 1,
        "reviews": 2,
    }
    assert (rows["header"][0]["LEA"], rows["header"][0]["Year"]) == ("975", "2022")
    assert [(row["LAchildID"], row["CINdetailsID"]) for row in rows["cin_details"]] == [
        ("A1", "1"),
        ("A2", "2"),
    ]
    assert rows["disabilities"] == [
        {"LAchildID": "A1", "Disability": "HAND"},
        {"LAchildID": "A1", "Disability": "HEAR"},
    ]
    assert rows["assessment_factors_list"][1] == {
        "LAchildID": "A2",
        "CINdetailsID": "2",
        "AssessmentID": "1",
        "AssessmentFactor": "2B",
    }
    assert rows["reviews"][1] == {
        "LAchildID": "A2",
        "CINdetailsID": "2",
        "CPPID": "1",
        "CPPreviewDate": "2021-12-01",
    }
