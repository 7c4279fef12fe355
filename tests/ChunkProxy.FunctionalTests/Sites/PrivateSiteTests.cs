using System.Net;
using ChunkProxy.FunctionalTests.Purging;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>One process in front of a private origin: signed URLs, viewers' parameters outside the key, an access log, purges by prefix.</summary>
public sealed class PrivateSiteTests(PrivateSiteTests.Site shared) : IClassFixture<PrivateSiteTests.Site>
{
    private const string UrlKey = "the-key-of-the-signed-urls";
    private const string Sas = "sv=1&sig=the-secret-of-the-origin";
    private const int Size = 3 * OneNode.MiB;
    private const int SigUsr1 = 10;

    private readonly string _path = $"/films/{SharedNodes.FreshNumber()}.mp4";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_SecondViewerWithAnotherSignatureAndCmcd_IsAHit()
    {
        var site = shared.One;
        AddFilm(site, "CMCD=one", seed: 1);

        await VerifyAsync(site, $"{_path[1..]}?CMCD=one&{Sign(_path, hours: 1)}", seed: 1);
        var asked = Requests(site).Count;
        await VerifyAsync(site, $"{_path[1..]}?CMCD=two&{Sign(_path, hours: 2)}", seed: 1);

        Assert.Equal(asked, Requests(site).Count);
        Assert.All(Requests(site), request => Assert.Equal($"{_path}?CMCD=one&{Sas}", request.Path));
    }

    [Fact]
    public async Task Get_NotSigned_Is403AndTheOriginIsNotAsked()
    {
        var site = shared.One;
        AddFilm(site, "CMCD=one", seed: 1);

        foreach (var query in (string[])["", "?CMCD=one", "?CMCD=one&" + Sign("/films/b.mp4", hours: 1), "?CMCD=one&" + Sign(_path, hours: -1)])
        {
            using var refused = await site.Node.GetAsync(_path[1..] + query, Now);
            Assert.Equal((HttpStatusCode.Forbidden, "403 Forbidden: Access is denied.\n"), (refused.StatusCode, await refused.Content.ReadAsStringAsync(Now)));
        }

        Assert.Empty(Requests(site));
    }

    [Fact]
    public async Task Purge_Prefix_NextBytesAreTheNewOnes()
    {
        var site = shared.One;
        AddFilm(site, "CMCD=one", seed: 1);
        var target = $"{_path[1..]}?CMCD=one&{Sign(_path, hours: 1)}";
        await VerifyAsync(site, target, seed: 1);
        AddFilm(site, "CMCD=one", seed: 2);

        Assert.Equal(HttpStatusCode.OK, await site.Node.PurgeByQueryAsync("prefix=/films/", Now));
        await VerifyAsync(site, target, seed: 2);

        Assert.Equal(HttpStatusCode.BadRequest, await site.Node.PurgeByQueryAsync("path=/films/*", Now));
        Assert.Equal(HttpStatusCode.BadRequest, await site.Node.PurgeByQueryAsync("prefix=/films/*", Now));
        Assert.Equal(HttpStatusCode.BadRequest, await site.Node.PurgeByQueryAsync("prefix=/films/&path=/films/a.mp4", Now));
        Assert.Equal(HttpStatusCode.BadRequest, await site.Node.PurgeByQueryAsync("allqueries=/films/a.mp4?v=1", Now));
    }

    [Fact]
    public async Task Log_IsMoved_GoesOnInANewFileAndHasNoSecret()
    {
        var (site, file) = (shared.One, shared.Log);
        AddFilm(site, "CMCD=one", seed: 1);
        var signed = Sign(_path, hours: 1);
        await VerifyAsync(site, $"{_path[1..]}?CMCD=one&{signed}", seed: 1);
        File.Move(file, file + ".1");

        PosixSignal.Send(site.Node.ProcessId, SigUsr1);
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(Now))
        {
            limit.CancelAfter(Patience.Limit);
            while (!File.Exists(file) || !(await File.ReadAllLinesAsync(file, limit.Token)).Any(IsOfRefusal)) // each request is another line to write
            {
                using var answer = await site.Node.GetAsync(_path[1..], limit.Token);
                Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }
        }

        var stats = await site.Node.Client.GetStringAsync("_chunkproxy/stats", Now);
        var before = await File.ReadAllTextAsync(file + ".1", Now);
        var after = await File.ReadAllTextAsync(file, Now);
        Assert.Contains($"\"target\":\"{_path}?…#", before + after, StringComparison.Ordinal); // in one of them: it may have been in memory when the file was moved
        foreach (var text in (string[])[before, after, stats, site.Node.Output])
        {
            Assert.DoesNotContain("the-secret-of-the-origin", text, StringComparison.Ordinal);
            Assert.DoesNotContain(signed[^20..], text, StringComparison.Ordinal);
            Assert.DoesNotContain("CMCD", text, StringComparison.Ordinal);
            Assert.DoesNotContain(UrlKey, text, StringComparison.Ordinal);
        }

        bool IsOfRefusal(string line) => line.Contains(_path, StringComparison.Ordinal) && line.Contains("\"refusal\":\"NotSigned\"", StringComparison.Ordinal);
    }

    private static string Sign(string path, int hours) => SignedUrl.Sign(UrlKey, path, hours);

    private void AddFilm(OneNode site, string query, long seed) =>
        site.Origin.Add($"{_path}?{query}&{Sas}", new OriginAnswer { Size = Size, Seed = seed }.WithHeader("Cache-Control", "max-age=3600"));

    // Whatever their query is.
    private List<OriginRequest> Requests(OneNode site) => [.. site.Origin.Requests.Where(request => request.Path.StartsWith(_path, StringComparison.Ordinal))];

    private static async Task VerifyAsync(OneNode site, string target, long seed)
    {
        using var response = await site.Node.GetAsync(target, Now);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await TestData.VerifyAsync(seed, 0, Size, await response.Content.ReadAsStreamAsync(Now), Now);
    }

    /// <summary>The process. Each test has a film of its own.</summary>
    public sealed class Site : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal OneNode One { get; private set; } = null!;

        internal string Log => _folder.Combine("access.log");

        public async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(_folder.Combine("urlkeys"), UrlKey + "\n", Now);
            await File.WriteAllTextAsync(_folder.Combine("sas"), Sas + "\n", Now);
            One = await OneNode.StartAsync(
                $"-size-c 1MiB -size-m 32MiB -adminkey {PurgeCluster.Key} -urlkeyfile {_folder.Combine("urlkeys")} -key-ignore CMCD "
                + $"-origin-query-file {_folder.Combine("sas")} -accesslog {Log} -accesslog-format json",
                Now,
                ("AccessLog:FlushInterval", "00:00:00.010"));
        }

        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            _folder.Dispose();
        }
    }
}
