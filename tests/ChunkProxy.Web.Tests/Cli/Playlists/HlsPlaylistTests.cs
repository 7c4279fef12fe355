using System.Globalization;
using System.Text;
using ChunkProxy.Web.Cli.Playlists;

namespace ChunkProxy.Web.Tests.Cli.Playlists;

public sealed class HlsPlaylistTests
{
    private const string Multivariant =
        """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-SESSION-KEY:METHOD=SAMPLE-AES,URI="keys/session.key"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="low",NAME="English, stereo",URI="audio/low.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="high",NAME="English",URI="audio/high.m3u8"
        #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="high",NAME="In the segments"
        #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="Deutsch",URI="subs/de.m3u8"
        #EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,AUDIO="low",CODECS="avc1,mp4a"
        360/index.m3u8

        #EXT-X-STREAM-INF:BANDWIDTH=3000000,RESOLUTION=1280x720,AUDIO="high",SUBTITLES="subs"
        # a comment
        720/index.m3u8?token=a,b
        #EXT-X-STREAM-INF:BANDWIDTH=6000000,RESOLUTION=1920x1080,AUDIO="high",SUBTITLES="subs"
        /films/1080/index.m3u8
        #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100000,RESOLUTION=640x360,URI="360/iframes.m3u8"
        #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=300000,RESOLUTION=1280x720,URI="720/iframes.m3u8"
        """;

    private static readonly Uri Address = new("http://cdn.example/films/orbit/master.m3u8?x=1");

    [Theory]
    [InlineData("", false, "360/index.m3u8 720/index.m3u8?token=a,b /films/1080/index.m3u8 audio/low.m3u8 audio/high.m3u8 subs/de.m3u8")]
    [InlineData("", true, "360/index.m3u8 720/index.m3u8?token=a,b /films/1080/index.m3u8 audio/low.m3u8 audio/high.m3u8 subs/de.m3u8 360/iframes.m3u8 720/iframes.m3u8")]
    [InlineData("720p", false, "720/index.m3u8?token=a,b audio/high.m3u8 subs/de.m3u8")]
    [InlineData("360p,1080p", true, "360/index.m3u8 /films/1080/index.m3u8 audio/low.m3u8 audio/high.m3u8 subs/de.m3u8 360/iframes.m3u8")]
    [InlineData("3M", false, "360/index.m3u8 720/index.m3u8?token=a,b audio/low.m3u8 audio/high.m3u8 subs/de.m3u8")]
    [InlineData("800000,1080p", false, "360/index.m3u8 /films/1080/index.m3u8 audio/low.m3u8 audio/high.m3u8 subs/de.m3u8")]
    public void Read_Multivariant_NamesThePlaylistsOfTheRenditions(string renditions, bool withIFrames, string expected)
    {
        var content = Read(Multivariant, renditions.Length == 0 ? RenditionChoice.All : RenditionChoice.Parse(renditions)!, withIFrames);

        Assert.Equal(expected.Split(' ').Select(AddressOf), content.Playlists.Select(playlist => playlist.AbsoluteUri));
        Assert.Equal(new ObjectReference(new Uri(AddressOf("keys/session.key")), null, IsKey: true), Assert.Single(content.Objects));
        Assert.False(content.IsLive);
    }

    [Fact]
    public void Read_NoSuchRendition_SaysWhichThereAre()
    {
        var failure = Assert.Throws<PlaylistException>(() => Read(Multivariant, RenditionChoice.Parse("480p")!));

        Assert.Equal("it has no such rendition; it has 360p (800k), 720p (3000k), 1080p (6000k)", failure.Message);
    }

    [Fact]
    public void Read_Media_NamesSegmentsKeysAndInitialization()
    {
        var content = Read("""
            #EXTM3U
            #EXT-X-TARGETDURATION:4
            #EXT-X-KEY:METHOD=AES-128,URI="https://keys.example/1",IV=0x1
            #EXT-X-MAP:URI="init.mp4"
            #EXTINF:4.0,
            seg1.m4s
            #EXT-X-KEY:METHOD=NONE,URI="none.key"
            #EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://licence",KEYFORMAT="com.apple.streamingkeydelivery"
            #EXT-X-DISCONTINUITY
            #EXT-X-MAP:URI="data:video/mp4;base64,AAAA"
            #EXTINF:4.0,
            ../other/seg2.m4s?a=1#t=3
            #EXTINF:4.0,
            seg1.m4s
            #EXT-X-PART:DURATION=1,URI="part.m4s"
            #EXT-X-ENDLIST
            """);

        Assert.Equal(
            ["https://keys.example/1", AddressOf("init.mp4"), AddressOf("seg1.m4s"), "http://cdn.example/films/other/seg2.m4s?a=1"],
            content.Objects.Select(reference => reference.Address.AbsoluteUri));
        Assert.Equal([true, false, false, false], content.Objects.Select(reference => reference.IsKey));
        Assert.All(content.Objects, reference => Assert.Null(reference.Bytes));
        Assert.Equal((2, false), (content.OtherSchemes, content.IsLive));
        Assert.Empty(content.Playlists);
    }

    [Theory]
    [InlineData("#EXT-X-ENDLIST", false)]
    [InlineData("#EXT-X-PLAYLIST-TYPE:VOD", false)]
    [InlineData("#EXT-X-PLAYLIST-TYPE:EVENT", true)]
    [InlineData("", true)]
    public void Read_Media_IsLiveWithoutAnEnd(string tag, bool isLive) => Assert.Equal(isLive, Read($"#EXTM3U\r\n#EXTINF:4,\r\na.ts\r\n{tag}\r\n").IsLive);

    [Fact]
    public void Read_ByteRanges_JoinsThoseThatTouch()
    {
        var content = Read("""
            #EXTM3U
            #EXT-X-MAP:URI="film.mp4",BYTERANGE="1000@0"
            #EXT-X-BYTERANGE:500@1000
            film.mp4
            #EXT-X-BYTERANGE:500
            film.mp4
            #EXT-X-BYTERANGE:100@5000
            film.mp4
            #EXT-X-BYTERANGE:1@7
            other.mp4
            #EXT-X-BYTERANGE:10@3000
            film.mp4
            whole.mp4
            #EXT-X-BYTERANGE:10@3000
            whole.mp4
            #EXT-X-ENDLIST
            """);

        Assert.Equal(
            ["film.mp4 0-1999", "film.mp4 3000-3009", "film.mp4 5000-5099", "other.mp4 7-7", "whole.mp4 "],
            content.Objects.Select(reference => $"{reference.Address.Segments[^1]} {reference.Bytes}"));
    }

    [Fact]
    public void Read_Variables_AreReplaced()
    {
        var main = HlsPlaylist.Read("""
            #EXTM3U
            #EXT-X-DEFINE:NAME="host",VALUE="cdn.example"
            #EXT-X-DEFINE:QUERYPARAM="x"
            #EXT-X-STREAM-INF:BANDWIDTH=1
            http://{$host}/{$x}/{$none}.m3u8
            """, Address, RenditionChoice.All, withIFrames: false);
        var media = HlsPlaylist.Read("""
            #EXTM3U
            #EXT-X-DEFINE:IMPORT="host"
            #EXT-X-MAP:URI="//{$host}/init.mp4"
            #EXT-X-ENDLIST
            """, Address, RenditionChoice.All, withIFrames: false, main.Variables);

        Assert.Equal("http://cdn.example/1/%7B$none%7D.m3u8", Assert.Single(main.Content.Playlists).AbsoluteUri);
        Assert.Equal("http://cdn.example/init.mp4", Assert.Single(media.Content.Objects).Address.AbsoluteUri);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("a.ts\n#EXTM3U\n")]
    [InlineData("#EXTM3U\n#EXT-X-BYTERANGE:x@y\na.ts\n")]
    [InlineData("#EXTM3U\n#EXT-X-BYTERANGE:0@5\na.ts\n")]
    [InlineData("#EXTM3U\n#EXT-X-BYTERANGE:-1@5\na.ts\n")]
    [InlineData("#EXTM3U\n#EXT-X-BYTERANGE:9223372036854775807@9223372036854775807\na.ts\n")]
    [InlineData("#EXTM3U\n#EXT-X-MAP:URI=\"a\",BYTERANGE=\"5@99999999999999999999\"\n")]
    public void Read_Invalid_SaysSo(string text) => Assert.NotEmpty(Assert.Throws<PlaylistException>(() => Read(text)).Message);

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-STREAM-INF:\n#EXT-X-KEY:METHOD\n#EXT-X-MEDIA:URI=\"open\n#EXT-X-STREAM-INF:BANDWIDTH=x,RESOLUTION=1x2x3\na.m3u8")]
    [InlineData("\uFEFF#EXTM3U\n#EXT-X-STREAM-INF:=,=,\"\",\na.m3u8\n{$\n}")]
    public void Read_MalformedTags_AreSkipped(string text) => Assert.Equal(AddressOf("a.m3u8"), Assert.Single(Read(text).Playlists).AbsoluteUri);

    [Fact]
    public void Read_TooManySegments_IsRefused()
    {
        var text = new StringBuilder("#EXTM3U\n").Insert(8, "a\n", References.MostObjects);
        Assert.Single(Read(text.ToString()).Objects);

        Assert.Contains("more than 250000 segments", Assert.Throws<PlaylistException>(() => Read(text.Append("a\n").ToString())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#EXT-X-STREAM-INF:BANDWIDTH=1\n{0}.m3u8\n")]
    [InlineData("#EXT-X-MEDIA:TYPE=AUDIO,URI=\"{0}.m3u8\"\n")]
    [InlineData("#EXT-X-I-FRAME-STREAM-INF:URI=\"{0}.m3u8\"\n")]
    public void Read_TooManyPlaylists_IsRefused(string lines)
    {
        var text = "#EXTM3U\n" + string.Concat(Enumerable.Range(0, References.MostPlaylists + 1).Select(i => string.Format(CultureInfo.InvariantCulture, lines, i)));

        Assert.Contains("more than 1000 playlists", Assert.Throws<PlaylistException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_VariablesThatGrow_AreRefused()
    {
        var text = $"#EXTM3U\n#EXT-X-DEFINE:NAME=\"a\",VALUE=\"{new string('x', 10_000)}\"\n{string.Concat(Enumerable.Repeat("{$a}", 1000))}\n";

        Assert.Contains("too long", Assert.Throws<PlaylistException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    private static PlaylistContent Read(string text, RenditionChoice? choice = null, bool withIFrames = false) =>
        HlsPlaylist.Read(text, Address, choice ?? RenditionChoice.All, withIFrames).Content;

    private static string AddressOf(string reference) => new Uri(new Uri("http://cdn.example/films/orbit/"), reference is ['/', ..] ? "http://cdn.example" + reference : reference).AbsoluteUri;
}
