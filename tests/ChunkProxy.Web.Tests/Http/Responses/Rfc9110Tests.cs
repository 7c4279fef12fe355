using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;

namespace ChunkProxy.Web.Tests.Http.Responses;

/// <summary>RFC 9110 as a table: request, conditions and ranges, and the status and bytes they are answered with.</summary>
/// <remarks>Of the grammar of ranges it has a row or two for each way to end. <see cref="Ranges.RangeTableTests"/> has the rest.</remarks>
public abstract partial class Rfc9110Tests(bool lendMemory) : IAsyncLifetime
{
    private static readonly DateTimeOffset Modified = new(2026, 2, 1, 10, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> Dates = new()
    {
        ["{same}"] = "Sun, 01 Feb 2026 10:00:00 GMT",
        ["{same850}"] = "Sunday, 01-Feb-26 10:00:00 GMT",
        ["{sameasc}"] = "Sun Feb  1 10:00:00 2026",
        ["{before}"] = "Sun, 01 Feb 2026 09:59:59 GMT",
        ["{before850}"] = "Sunday, 01-Feb-26 09:59:59 GMT",
        ["{beforeasc}"] = "Sun Feb  1 09:59:59 2026",
        ["{after}"] = "Sun, 01 Feb 2026 10:00:01 GMT",
        ["{after850}"] = "Sunday, 01-Feb-26 10:00:01 GMT",
        ["{afterasc}"] = "Sun Feb  1 10:00:01 2026",
        ["{long-ago}"] = "Thu, 01 Jan 1970 00:00:00 GMT",
        ["{start}"] = FrontEndHost.Start.ToString("r", CultureInfo.InvariantCulture),
    };

    private readonly Dictionary<string, FakeObject> _objects = [];
    private FrontEndHost _host = null!;

    public static TheoryData<string> Cases =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Http", "Responses", "Rfc9110Cases.txt")).Where(line => !line.StartsWith('#'))];

    public async ValueTask InitializeAsync()
    {
        _host = await FrontEndHost.StartAsync(options => options.LendMemory = lendMemory);
        Add("/strong", 1000, "\"v1\"", Modified);
        Add("/weak", 1000, "W/\"v1\"", Modified);
        Add("/dated", 1000, null, Modified);
        Add("/bare", 1000, null, null);
        Add("/empty", 0, "\"e\"", Modified);
        Add("/just-now", 1000, null, FrontEndHost.Start); // modified in the second of its response: its date is not a strong validator
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Cases_AreMany() => Assert.True(Cases.Count > 190);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Request_OfTable_IsAnsweredByTheStandard(string row)
    {
        var (request, expected) = Halves(row, " => ");
        var parts = request.Split(" | ");
        var (method, path) = Halves(parts[0], " ");
        var (status, bytes) = Halves(expected, " ");

        var answer = await _host.SendAsync(method, path, [.. parts.Skip(1).Select(WithDates)]);

        Assert.Equal(int.Parse(status, CultureInfo.InvariantCulture), answer.Status);
        Assert.True(answer.IsWhole);
        AssertFields(answer, method, _objects.GetValueOrDefault(path));
        AssertBytes(answer, bytes, _objects.GetValueOrDefault(path));
        await _host.Reader.AllLeasesReturnedAsync();
    }

    private static void AssertFields(RawResponse answer, string method, FakeObject? asked)
    {
        Assert.NotNull(answer["Date"]);
        Assert.Contains("1.1 chunkproxy", answer["Via"]);
        Assert.StartsWith("ChunkProxy; ", answer["Cache-Status"]);
        Assert.Equal(answer.Status == 405 ? "GET, HEAD, OPTIONS" : null, answer["Allow"]);
        if (answer.Status is 200 or 206 or 304)
        {
            var headers = asked!.Version.Headers;
            Assert.Equal(headers.ETag, answer["ETag"]);
            Assert.Equal(headers.LastModified?.ToString("r", CultureInfo.InvariantCulture), answer["Last-Modified"]);
            Assert.Equal("bytes", answer["Accept-Ranges"]);
            Assert.Equal("100", answer["Age"]);
            Assert.Equal("max-age=3600", answer["Cache-Control"]);
        }

        if (answer.Status == 304)
        {
            Assert.Null(answer["Content-Type"]);
            Assert.Null(answer["Content-Range"]);
        }
        else
        {
            Assert.NotNull(answer["Content-Length"]);
        }

        if (answer.Status == 200)
        {
            Assert.Equal(asked!.Content.Length.ToString(CultureInfo.InvariantCulture), answer["Content-Length"]);
            Assert.Equal("video/mp4", answer["Content-Type"]);
            Assert.Null(answer["Content-Range"]);
        }

        if (answer.Status >= 400 && method != "HEAD")
        {
            Assert.StartsWith(answer.Status.ToString(CultureInfo.InvariantCulture) + " ", Encoding.UTF8.GetString(answer.Body));
        }

        Assert.Equal(answer.Status == 416 ? $"bytes */{asked!.Content.Length}" : answer["Content-Range"], answer["Content-Range"]);
    }

    private static void AssertBytes(RawResponse answer, string bytes, FakeObject? asked)
    {
        if (bytes == "none")
        {
            Assert.True(answer.Status is not (200 or 206) || answer.Body.Length == 0);
            return;
        }

        var content = asked!.Content;
        if (bytes == "all")
        {
            Assert.Equal(content, answer.Body);
            return;
        }

        var ranges = bytes.Split(',').Select(range => Halves(range, "-")).ToArray();
        if (ranges.Length == 1)
        {
            Assert.Equal($"bytes {bytes}/{content.Length}", answer["Content-Range"]);
            Assert.Equal("video/mp4", answer["Content-Type"]);
            Assert.Equal(Part(content, ranges[0]), answer.Body);
            return;
        }

        Assert.Null(answer["Content-Range"]);
        var boundary = MultipartType().Match(answer["Content-Type"]!).Groups[1].Value;
        Assert.NotEmpty(boundary);
        Assert.Equal(Multipart(content, ranges, boundary), answer.Body);
    }

    // Written from RFC 9110 §15.3.7.2 and RFC 2046 §5.1.1, not with the code under test.
    private static byte[] Multipart(byte[] content, (string First, string Last)[] ranges, string boundary)
    {
        using var body = new MemoryStream();
        for (var i = 0; i < ranges.Length; i++)
        {
            var head = $"{(i == 0 ? "" : "\r\n")}--{boundary}\r\nContent-Type: video/mp4\r\nContent-Range: bytes {ranges[i].First}-{ranges[i].Last}/{content.Length}\r\n\r\n";
            body.Write(Encoding.ASCII.GetBytes(head));
            body.Write(Part(content, ranges[i]));
        }

        body.Write(Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"));
        return body.ToArray();
    }

    private static byte[] Part(byte[] content, (string First, string Last) range)
    {
        var first = int.Parse(range.First, CultureInfo.InvariantCulture);
        return content[first..(int.Parse(range.Last, CultureInfo.InvariantCulture) + 1)];
    }

    private static string WithDates(string field) =>
        Dates.Aggregate(field, (text, date) => text.Replace(date.Key, date.Value, StringComparison.Ordinal)).Replace("\\t", "\t", StringComparison.Ordinal);

    private static (string Left, string Right) Halves(string text, string separator)
    {
        var at = text.LastIndexOf(separator, StringComparison.Ordinal);
        return (text[..at], text[(at + separator.Length)..]);
    }

    private void Add(string path, int size, string? etag, DateTimeOffset? modified)
    {
        var headers = new OriginHeaders
        {
            ETag = etag,
            LastModified = modified,
            EndToEnd = [new("Content-Type", "video/mp4"), new("Cache-Control", "max-age=3600")],
            GeneratedAt = FrontEndHost.Start - TimeSpan.FromSeconds(100),
            FreshUntil = FrontEndHost.Start + TimeSpan.FromHours(1),
        };
        _objects[path] = _host.Reader.Add(new FakeObject(path, size, 64, headers));
    }

    [GeneratedRegex("^multipart/byteranges; boundary=([0-9a-f]+)$")]
    private static partial Regex MultipartType();
}
