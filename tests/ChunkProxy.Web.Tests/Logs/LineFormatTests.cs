using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Logs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Logs;

public sealed class LineFormatTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, 120, TimeSpan.Zero);

    [Fact]
    public void Write_Combined_IsTheKnownFormat() => Assert.Equal(
        $"192.0.2.7 - - [01/Mar/2026:12:00:00 +0000] \"GET {ShownPath.Of("/film.mp4?token=secret")} HTTP/1.1\" 206 1000 \"https://site.example/watch?…\" \"Player \\x22x\\x5C1\\x22\"\n",
        LineOf("combined"));

    [Fact]
    public void Write_QueryIsAskedFor_ShowsIt() => Assert.Equal(
        "/film.mp4?token=secret https://site.example/watch?v=secret\n", LineOf("{target} {referer}", withQuery: true));

    [Fact]
    public void Write_Template_HasValuesAndDashes() => Assert.Equal(
        "cdn.example 1.500000/1.250000 bytes=0-999 Memory+Origin - 4bf92f3577b34da6a3ce929d0e0e4736 ClientGone <ChunkProxy; hit>\n",
        LineOf("{host} {seconds}/{waited} {range} {tier} {owner} {trace} {ending} <{cache}>"));

    [Fact]
    public void Write_Json_IsOneObjectWithTheValuesThatAreThere()
    {
        var line = LineOf("json");

        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        Assert.Equal("2026-03-01T12:00:00.120Z", root.GetProperty("time").GetString());
        Assert.Equal(ShownPath.Of("/film.mp4?token=secret"), root.GetProperty("target").GetString());
        Assert.Equal("Player \"x\\1\"", root.GetProperty("agent").GetString());
        Assert.Equal((206, 1000, 1.25), (root.GetProperty("status").GetInt32(), root.GetProperty("bytes").GetInt64(), root.GetProperty("waited").GetDouble()));
        Assert.False(root.TryGetProperty("owner", out _));
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("combined")]
    [InlineData("json")]
    [InlineData("{agent}|{host}|{range}|{target}")]
    public void Write_ControlCharactersOfAClient_EndNoLine(string format)
    {
        var line = LineOf(format, configure: context =>
        {
            foreach (var name in (string[])["User-Agent", "Host", "Range", "Referer"])
            {
                context.Request.Headers[name] = "a\nb\r\u0085\u001b[31m";
            }

            context.Features.Get<IHttpRequestFeature>()!.RawTarget = "/a\nb";
        });

        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.DoesNotContain(line[..^1], char.IsControl);
    }

    [Theory]
    [InlineData("Combined")]
    [InlineData("plain text")]
    [InlineData("{nosuch}")]
    [InlineData("{client")]
    [InlineData("{client}\n{status}")]
    public void Parse_NoFormat_IsRefused(string format) => Assert.Throws<FormatException>(() => LineFormat.Parse(format, withQuery: false));

    private static string LineOf(string format, bool withQuery = false, Action<HttpContext>? configure = null)
    {
        var time = new FakeTimeProvider(Now.AddSeconds(-1.5));
        var exchange = new Exchange(time) { BytesSent = 1000 };
        exchange.ReadFrom(ChunkSource.Memory);
        exchange.ReadFrom(ChunkSource.Origin);
        time.Advance(TimeSpan.FromSeconds(1.25));
        exchange.FirstByteIsThere();
        time.Advance(TimeSpan.FromSeconds(0.25));
        exchange.End(isWhole: false);

        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        context.Request.Method = "GET";
        context.Request.Protocol = "HTTP/1.1";
        context.Request.Headers.Host = "cdn.example";
        context.Request.Headers.Range = "bytes=0-999";
        context.Request.Headers.Referer = "https://site.example/watch?v=secret";
        context.Request.Headers.UserAgent = "Player \"x\\1\"";
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = "/film.mp4?token=secret";
        context.Response.StatusCode = 206;
        context.Response.Headers[CacheStatus.FieldName] = "ChunkProxy; hit";
        configure?.Invoke(context);

        var output = new ArrayBufferWriter<byte>();
        LineFormat.Parse(format, withQuery).Write(
            new AccessEntry(context, exchange, ResponseEnding.ClientGone, Now, Owner: null, Trace: "4bf92f3577b34da6a3ce929d0e0e4736"), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
