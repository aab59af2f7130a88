"""Words of western Europe, told from others that have the same bytes in another code page."""

_LETTERS = """
    _àn _àr bàs càn càr làn màn nàr ràc ràf ràn ràp ràr ràt tàr _áf _áh bán bás cá_ cál cán cár
    dát fác háv ián iár iát jál jár lám lán lár lát mág mál mán már mát máx nál nám nán nár nát
    pág rác ráf rán ráp rár rát ráv sáb sán sár tác tál tán tár tás táv uán uár vál zál hât éât
    dão hão ião mão rão são tão ção _åb _åh _åk _ål _ån _åp _år _ås _åt båd bån båt då_ dål dår
    eå_ få_ fån får fåt gå_ gåe gån går gås gåt gåv håk hål hån håp hår kåd kål kån kår lå_ låd
    låg lån lår lås låt må_ måd måg mål mån mår mås måt nå_ nåd någ nål nån når nåt på_ påb påf
    påg pål påm påp pår pås påt påv rå_ råd råg råk rål rån rår rås råt så_ såd såg såk sål sån
    sår sås såv tå_ tåe tåg tåh tål tån tår tås tåt vå_ våg våk vål våp vår _æg _æn _ær _æt bæk
    bær dæk dæm fæl fæn fær gæl gæt hæn hær hæt hæv jæl jær jæv kæm kær læd læg læk læn lær mæl
    mæn mær næg nær næv pæn ræd ræk ræl ræn ræt ræv sæd sæl sær sæt tæk tæl tæn tær tæt tæð væg
    væk væl væm vær væð _ça aç_ aça aço açã açõ cçã eça eço eçu eçã iço içã içõ lça nça nço nçu
    nçã rça rço rçu uçã bè_ bèt cèd cèn dèm dèr dès fè_ fèr gèn gèr hè_ hèm hèq hèr hès hèt ièg
    ièr lèb lèc lèg lèm lèv mèd mèn mès mèt nès nèt nèv pèc règ rèr rèv sèn tèc tèg tèm tèn tèr
    üèn bêt dên fêt gên mêl mêm rêm rêv tên uêt vêt aël eëe eëi eël eën eër eëv eëx ië_ iël iën
    iër iët oë_ oël oën oët oëz rì_ sì_ uì_ _ín _ís aí_ aíd aís bía cía cíf cíp cív dí_ día díc
    díg dís eía fía fíc fís gía gít lí_ lía líc líd líf lík lím lín lís lít mí_ mía míl mín mís
    ní_ nía níe níf nís pír pít rí_ ríc ríd ríg rík rím rín río rís sí_ sía sím sín sív síð tí_
    tía tíc tíf tím tín típ tís tít tíð uí_ uía uíd uím uín uís ví_ vía víc víd vík vín vís vít
    xí_ üís _îl aît oît aïb aïn aïq oïn uïd áðu æða æðu íða íðu óða óðu öðu aña añe año eña eño
    iña iño uña cò_ còm dò_ lòg mò_ nò_ nòm pò_ pòs ròn sò_ tò_ tòn tòr vò_ xò_ côt hôt lôm môn
    pôt rôl rôm rôn tôm tôt iõe sõe çõe _ød _øn _ør _øy bøk bøn bør død døm dør fød føl før gør
    høj hør høs høv høy jøe jøl jøn jøp jør køb køn kør løb lød løf løn løp lør løy mød mør møt
    nød nør nøy pør rød røm røn rør røs røt røv røy søg søk søn sør søs tød tør tøy vøm où_ _úl
    _ún _úr _út aúl bún bús gú_ gún hús júk múl mús nú_ núm nún nút púb rú_ rús sús tú_ tún túp
    túr oût rûl _þj _þá _þó _œu cœu
    m³_
"""
_ONLY_WESTERN = frozenset(_LETTERS.split())
"""Three letters in a row, with ``_`` for the end of a word. They are frequent in twelve western
languages. In the code pages of Czech, Polish, Slovak, Slovene, Croatian, Hungarian, Romanian,
Turkish, Lithuanian or Latvian the one in the middle may be another letter. Of all words of these
languages, those with that letter between the other two are less than one in ten million. Found in
the frequencies of words that come with wordfreq 3.1.1."""


def may_be(western: str, other: str) -> bool:
    """Return whether a text may as well be ``other``, as its bytes are read in another code page.

    It may if some letter is another one there, and none of these is in a western word. A sign that
    becomes a letter counts only beside letters.
    """
    may = False
    for index, (read, letter) in enumerate(zip(western, other, strict=True)):
        if read == letter:
            continue
        left, right = (
            near.lower() if near.isalpha() else "_"
            for near in (western[index - 1 : index], western[index + 1 : index + 2])
        )
        if f"{left}{read.lower()}{right}" in _ONLY_WESTERN:
            return False
        is_sign = not read.isalpha() and left == right == "_"
        may = may or (letter.isalpha() and not is_sign)
    return may
