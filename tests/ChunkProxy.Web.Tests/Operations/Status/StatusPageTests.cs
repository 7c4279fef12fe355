using System.Net;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Operations.Status;

/// <summary>How the status page is served; ChunkProxy.AppHost.Tests look at it in a browser.</summary>
public sealed partial class StatusPageTests : IAsyncLifetime
{
    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private Node _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _node = await Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-m", "32MiB", "-size-d", "0"], Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Page_AndAllThatItNames_AreServedFromTheProcessAlone()
    {
        var page = await _node.Client.GetStringAsync("_chunkproxy/", Cancellation);

        var names = Reference().Matches(page).Select(match => match.Groups[1].Value).Where(name => !name.StartsWith("data:", StringComparison.Ordinal)).ToList();
        Assert.Contains("page.css", names);
        Assert.Contains("page.js", names);
        for (var i = 0; i < names.Count; i++) // scripts add the names of those that they import
        {
            using var file = await _node.GetAsync("_chunkproxy/" + names[i], Cancellation);
            Assert.Equal((names[i], HttpStatusCode.OK), (names[i], file.StatusCode));
            var imports = Import().Matches(await file.Content.ReadAsStringAsync(Cancellation)).Select(match => match.Groups[1].Value);
            names.AddRange(imports.Except(names).ToList());
        }

        Assert.Contains("parts.js", names);
        Assert.Empty(_origin.Requests);
    }

    [Fact]
    public async Task Page_RunsNothingThatAPathMayHaveBroughtIn()
    {
        using var page = await _node.GetAsync("_chunkproxy/", Cancellation);

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Page_WithoutSlash_SendsThere()
    {
        using var page = await _node.GetAsync("_chunkproxy", Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/_chunkproxy/", page.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Page_AskedForAgain_IsNotSentAgain()
    {
        using var first = await _node.GetAsync("_chunkproxy/page.js", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "_chunkproxy/page.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var again = await _node.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("from \"\\./([^\"]+)\"")]
    private static partial Regex Import();
}
