using System.Globalization;
using ChunkProxy.Testing.Http;

namespace ChunkProxy.FunctionalTests.Rfc9110;

/// <summary>For each request of <see cref="RfcCases"/>, the proxy's response equals nginx's, byte for byte and field for field.</summary>
public sealed class RfcTests(RfcServers servers) : IClassFixture<RfcServers>
{
    private static readonly string[] Fields = ["Content-Range", "Content-Length", "ETag", "Last-Modified", "Content-Type"];

    private static int _queries;

    public static TheoryData<string> Names => [.. RfcCases.All.Select(it => it.ToString())];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Request_ThroughTheProxy_IsAnsweredAsByTheOrigin(string name)
    {
        var it = RfcCases.All.First(rfcCase => rfcCase.ToString() == name);

        // nginx ignores the query. To the proxy it makes a new object.
        var path = $"{it.Path}?cold={Interlocked.Increment(ref _queries).ToString(CultureInfo.InvariantCulture)}";
        var expected = await SendAsync(servers.Nginx.Port, it.AsIf ?? it, it.Path);
        var cold = await SendAsync(servers.Node.Address.Port, it, path);
        var warm = await SendAsync(servers.Node.Address.Port, it, path);

        AssertSame(expected, cold, "cold");
        AssertSame(expected, warm, "warm");
    }

    [Fact]
    public void Cases_AreManyAndAllDifferent()
    {
        Assert.True(RfcCases.All.Count >= 200, $"{RfcCases.All.Count} cases");
        Assert.Equal(RfcCases.All.Count, RfcCases.All.Select(it => it.ToString()).Distinct().Count());
    }

    private static void AssertSame(RawAnswer expected, RawAnswer actual, string state)
    {
        Assert.True(expected.Status == actual.Status, $"{state}: {actual.Status} instead of {expected.Status}");
        if (expected.Status >= 400)
        {
            // The text of an error may differ; the parts that clients evaluate may not.
            Assert.Equal(expected.Status == 416 ? expected["Content-Range"] : null, actual["Content-Range"]);
            Assert.Equal(expected.Status == 405 ? "GET, HEAD, OPTIONS" : null, actual["Allow"]); // nginx leaves it out, which §15.5.6 forbids
            return;
        }

        if (expected.Status != 304)
        {
            Assert.Equal("bytes", actual["Accept-Ranges"]); // nginx leaves it out of 206, where it is no news
        }

        if (expected["Content-Type"]?.StartsWith("multipart/byteranges", StringComparison.Ordinal) == true)
        {
            AssertSameParts(expected, actual);
            return;
        }

        foreach (var field in Fields)
        {
            Assert.True(expected[field] == actual[field], $"{state}: {field}: {actual[field]} instead of {expected[field]}");
        }

        Assert.True(expected.Body.AsSpan().SequenceEqual(actual.Body), $"{state}: the body differs");
    }

    // Boundaries are each server's own, and with them the length.
    private static void AssertSameParts(RawAnswer expected, RawAnswer actual)
    {
        Assert.Equal(expected.Parts().Select(Describe), actual.Parts().Select(Describe));
        Assert.Equal(actual.Body.Length.ToString(CultureInfo.InvariantCulture), actual["Content-Length"]);
        Assert.Equal(expected["ETag"], actual["ETag"]);
        Assert.Equal(expected["Last-Modified"], actual["Last-Modified"]);

        static (string?, string?, string) Describe(RangePart part) => (part.ContentType, part.ContentRange, Convert.ToHexString(part.Bytes));
    }

    private async Task<RawAnswer> SendAsync(int port, RfcCase it, string path)
    {
        var headers = it.Headers;
        if (headers.Any(header => header.Contains('{', StringComparison.Ordinal)))
        {
            var head = await RawHttp.SendAsync(servers.Nginx.Port, $"HEAD {it.Path} HTTP/1.1", [], Now);
            var date = DateTimeOffset.ParseExact(head["Last-Modified"]!, "R", CultureInfo.InvariantCulture);
            headers = [.. headers.Select(header => header
                .Replace("{etag}", head["ETag"], StringComparison.Ordinal)
                .Replace("{date}", Text(date), StringComparison.Ordinal)
                .Replace("{before}", Text(date.AddSeconds(-1)), StringComparison.Ordinal)
                .Replace("{after}", Text(date.AddSeconds(1)), StringComparison.Ordinal))];
        }

        return await RawHttp.SendAsync(port, $"{it.Method} {path} HTTP/1.1", headers, Now);

        static string Text(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);
    }
}
