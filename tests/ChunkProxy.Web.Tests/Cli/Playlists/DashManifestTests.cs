using ChunkProxy.Web.Cli.Playlists;

namespace ChunkProxy.Web.Tests.Cli.Playlists;

public sealed class DashManifestTests
{
    private static readonly Uri Address = new("http://cdn.example/films/orbit/manifest.mpd");

    [Fact]
    public void Read_TemplateWithNumbers_NamesInitializationAndSegments() => AssertNames(
        """
        <Period><AdaptationSet mimeType="video/mp4">
          <SegmentTemplate timescale="1000" duration="4000" startNumber="5" initialization="init-$RepresentationID$.mp4" media="$RepresentationID$/$Bandwidth$/seg-$Number%05d$-$$.m4s"/>
          <Representation id="v 1" bandwidth="800000" height="360"/>
        </AdaptationSet></Period>
        """,
        duration: "PT9.5S",
        "init-v%201.mp4 v%201/800000/seg-00005-$.m4s v%201/800000/seg-00006-$.m4s v%201/800000/seg-00007-$.m4s");

    [Fact]
    public void Read_TemplateWithTimeline_NamesSegmentsByTime() => AssertNames(
        """
        <Period><AdaptationSet contentType="audio"><Representation id="a" bandwidth="64000">
          <SegmentTemplate timescale="10" initialization="i.mp4" media="t$Time$-n$Number%02d$.m4s">
            <SegmentTimeline><S t="100" d="20" r="1"/><S d="5"/><S t="200" d="10" r="-1"/><S t="225" d="10" r="-1"/></SegmentTimeline>
          </SegmentTemplate></Representation></AdaptationSet></Period>
        """,
        duration: "PT24S",
        "i.mp4 t100-n01.m4s t120-n02.m4s t140-n03.m4s t200-n04.m4s t210-n05.m4s t220-n06.m4s t225-n07.m4s t235-n08.m4s");

    // What a representation does not state comes from its adaptation set, and then from its period.
    [Fact]
    public void Read_Levels_Inherit() => AssertNames(
        """
        <BaseURL>../cdn/</BaseURL>
        <Period duration="PT2S"><BaseURL>p1/</BaseURL><SegmentTemplate duration="1" initialization="$RepresentationID$-i"/>
          <AdaptationSet><BaseURL>video/</BaseURL><SegmentTemplate media="$RepresentationID$-$Number$"/>
            <Representation id="a" bandwidth="1"/>
            <Representation id="b" bandwidth="2"><BaseURL>/b/</BaseURL><BaseURL>http://second.example/</BaseURL><SegmentTemplate startNumber="0"/></Representation>
          </AdaptationSet></Period>
        """,
        duration: "PT99S",
        "/films/cdn/p1/video/a-i /films/cdn/p1/video/a-1 /films/cdn/p1/video/a-2 /b/b-i /b/b-0 /b/b-1");

    [Fact]
    public void Read_SeveralPeriods_EachHasItsLength() => AssertNames(
        """
        <Period id="1"><AdaptationSet><SegmentTemplate duration="10" media="a$Number$"/><Representation id="r"/></AdaptationSet></Period>
        <Period start="PT20S" duration="PT10S"><AdaptationSet><SegmentTemplate duration="10" media="b$Number$"/><Representation id="r"/></AdaptationSet></Period>
        <Period><AdaptationSet><SegmentTemplate duration="10" media="c$Number$"/><Representation id="r"/></AdaptationSet></Period>
        """,
        duration: "PT1M",
        "a1 a2 b1 c1 c2 c3");

    [Fact]
    public void Read_SegmentList_NamesFilesAndRanges() => AssertNames(
        """
        <Period><AdaptationSet>
          <Representation id="1"><SegmentList><Initialization sourceURL="init.mp4"/><SegmentURL media="1.m4s"/><SegmentURL media="2.m4s"/></SegmentList></Representation>
          <Representation id="2"><BaseURL>film.mp4</BaseURL><SegmentList><Initialization range="0-99"/><SegmentURL mediaRange="100-199"/><SegmentURL mediaRange="500-599"/></SegmentList></Representation>
        </AdaptationSet></Period>
        """,
        duration: "PT9S",
        "init.mp4 1.m4s 2.m4s film.mp4:0-199 film.mp4:500-599");

    [Fact]
    public void Read_OneFileEach_NamesTheFiles() => AssertNames(
        """
        <Period><AdaptationSet><Representation id="1"><BaseURL>video.mp4</BaseURL><SegmentBase indexRange="100-200"><Initialization range="0-99"/></SegmentBase></Representation></AdaptationSet>
        <AdaptationSet mimeType="text/vtt"><Representation id="2"><BaseURL>subs.vtt</BaseURL></Representation><Representation id="3"/></AdaptationSet></Period>
        """,
        duration: "PT9S",
        "video.mp4 subs.vtt");

    [Theory]
    [InlineData("720p", false, "v720 sound")]
    [InlineData("1M", false, "v360 sound")]
    [InlineData("720p", true, "v720 t720 sound")]
    public void Read_Renditions_ChooseAmongPictures(string renditions, bool withTrickModes, string expected)
    {
        var content = Read(
            """
            <Period><AdaptationSet mimeType="video/mp4"><Representation id="1" height="360" bandwidth="800000"><BaseURL>v360</BaseURL></Representation>
            <Representation id="2" height="720" bandwidth="3000000"><BaseURL>v720</BaseURL></Representation></AdaptationSet>
            <AdaptationSet mimeType="video/mp4" height="720"><EssentialProperty schemeIdUri="http://dashif.org/guidelines/trickmode" value="1"/>
            <Representation id="3" bandwidth="2000000"><BaseURL>t720</BaseURL></Representation></AdaptationSet>
            <AdaptationSet mimeType="audio/mp4"><Representation id="4" bandwidth="9000000"><BaseURL>sound</BaseURL></Representation></AdaptationSet></Period>
            """,
            "PT9S",
            RenditionChoice.Parse(renditions)!,
            withTrickModes);

        Assert.Equal(expected.Split(' '), Names(content));
    }

    [Theory]
    [InlineData("<MPD type=\"dynamic\"/>", "it is live")]
    [InlineData("<html/>", "it is not a DASH manifest: its root is not MPD")]
    [InlineData("<MPD>", "it is not valid XML")]
    [InlineData("#EXTM3U", "it is not valid XML")]
    [InlineData("<!DOCTYPE MPD [<!ENTITY a \"a\">]><MPD>&a;</MPD>", "it is not valid XML: For security reasons DTD is prohibited")]
    [InlineData("<!DOCTYPE MPD SYSTEM \"file:///etc/passwd\"><MPD/>", "it is not valid XML: For security reasons DTD is prohibited")]
    public void Read_AnotherText_SaysWhatItIs(string text, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<PlaylistException>(() => DashManifest.Read(text, Address, RenditionChoice.All, withIFrames: false)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "duration=\"4\" media=\"$Number$\"", "", "it states no duration")]
    [InlineData("PT9S", "media=\"$Number$\"", "", "it states no duration")]
    [InlineData("PT9S", "duration=\"0\" media=\"$Number$\"", "", "it states no duration")]
    [InlineData("nine", "duration=\"4\" media=\"$Number$\"", "", "is not a duration")]
    [InlineData("-PT9S", "duration=\"4\" media=\"$Number$\"", "", "is not a duration")]
    [InlineData("P99999999999D", "duration=\"4\" media=\"$Number$\"", "", "is not a duration")]
    [InlineData("PT9S", "duration=\"x\" media=\"$Number$\"", "", "duration=\"x\" is not a number")]
    [InlineData("PT9S", "duration=\"1\" timescale=\"9223372036854775807\" media=\"$Number$\"", "", "is not a number")]
    [InlineData("PT9S", "duration=\"4\" media=\"$Number\"", "", "is not a template")]
    [InlineData("PT9S", "duration=\"4\" media=\"$SubNumber$\"", "", "is not a template")]
    [InlineData("PT9S", "duration=\"4\" media=\"$Number%099d$\"", "", "is not a template")]
    [InlineData("PT9S", "duration=\"4\" media=\"$RepresentationID%02d$\"", "", "is not a template")]
    [InlineData("PT9S", "media=\"$Time$\"", "<S t=\"0\"/>", "has no duration")]
    [InlineData("PT9S", "media=\"$Time$\"", "<S d=\"1\" t=\"-5\"/>", null)]
    [InlineData("", "media=\"$Time$\"", "<S d=\"1\" r=\"-1\"/>", "a repetition has no end")]
    [InlineData("PT9S", "media=\"$Time$\"", "<S d=\"1\" r=\"-1\"/><S d=\"1\"/>", "a repetition has no end")]
    [InlineData("PT9S", "media=\"$Time$\"", "<S d=\"1\" r=\"9223372036854775807\"/>", "more than 250000 segments")]
    [InlineData("PT9S", "media=\"$Time$\"", "<S d=\"4611686018427387903\" t=\"4611686018427387903\" r=\"5\"/>", "is too long")]
    [InlineData("P10675198D", "duration=\"1\" timescale=\"4294967295\" media=\"$Number$\"", "", "more than 250000 segments")]
    [InlineData("", "duration=\"1\" endNumber=\"4294967295\" media=\"$Number$\"", "", "more than 250000 segments")]
    public void Read_HostileTemplate_SaysSoAndEnds(string duration, string attributes, string timeline, string? reason)
    {
        var text = $"<Period><AdaptationSet><SegmentTemplate {attributes}>{(timeline.Length == 0 ? "" : $"<SegmentTimeline>{timeline}</SegmentTimeline>")}</SegmentTemplate><Representation id=\"r\"/></AdaptationSet></Period>";

        Assert.Contains(reason ?? "is not a number", Assert.Throws<PlaylistException>(() => Read(text, duration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepXml_IsRefused()
    {
        const int Depth = 1_000_000;
        var text = string.Concat(Enumerable.Repeat("<a>", Depth)) + string.Concat(Enumerable.Repeat("</a>", Depth));

        Assert.Equal("its elements are nested too deep", Assert.Throws<PlaylistException>(() => Read(text, "PT9S")).Message);
    }

    [Fact]
    public void Read_TooManyRepresentations_IsRefused()
    {
        var text = $"<Period><AdaptationSet>{string.Concat(Enumerable.Repeat("<Representation/>", 2001))}</AdaptationSet></Period>";

        Assert.Contains("more than 2000 representations", Assert.Throws<PlaylistException>(() => Read(text, "PT9S")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyPeriodsWithoutLengths_Ends() => Assert.Empty(Read(
        string.Concat(Enumerable.Repeat("<Period duration='PT1S'/>", 100_000)) + string.Concat(Enumerable.Repeat("<Period/>", 100_000)), "PT9S").Objects);

    private static void AssertNames(string periods, string duration, string expected) => Assert.Equal(expected.Split(' '), Names(Read(periods, duration)));

    private static IEnumerable<string> Names(PlaylistContent content) => content.Objects.Select(reference =>
        $"{reference.Address.AbsoluteUri.Replace("http://cdn.example/films/orbit/", "", StringComparison.Ordinal).Replace("http://cdn.example", "", StringComparison.Ordinal)}{(reference.Bytes is { } bytes ? ":" + bytes : "")}");

    private static PlaylistContent Read(string periods, string duration, RenditionChoice? choice = null, bool withTrickModes = false) => DashManifest.Read(
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"{(duration.Length == 0 ? "" : $" mediaPresentationDuration=\"{duration}\"")}>{periods}</MPD>",
        Address,
        choice ?? RenditionChoice.All,
        withTrickModes);
}
