using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>Common client programs receive through the proxy what they receive from the origin.</summary>
public sealed class PlayerTests(FilmServers servers) : IClassFixture<FilmServers>, IDisposable
{
    private const int Had = 5_000_001; // bytes of a download that was broken off

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private string Target => _folder.Combine(FilmServers.Large);

    private string Url => new Uri(servers.Node.Address, FilmServers.Large).ToString();

    [Fact]
    public async Task Curl_ContinuesADownload_FileIsTheOrigins()
    {
        await TestData.WriteFileAsync(Target, seed: 1, Had, Now);

        var curl = await RunAsync("curl", "-sS", "--fail", "-C", "-", "-w", "%{http_code} %{size_download}\n", "-o", Target, Url);

        Assert.Equal([$"206 {FilmServers.LargeSize - Had}"], curl.Lines);
        await VerifyTargetAsync();
    }

    [Fact]
    public async Task Wget_ContinuesADownload_FileIsTheOrigins()
    {
        await TestData.WriteFileAsync(Target, seed: 1, Had, Now);

        var wget = await RunAsync("wget", "-c", "-S", "--progress=dot:giga", "-P", _folder.Path, Url);

        Assert.Contains(wget.Lines, line => line.Contains("206 Partial Content", StringComparison.Ordinal));
        Assert.Contains(wget.Lines, line => line.Contains($"bytes {Had}-{FilmServers.LargeSize - 1}/{FilmServers.LargeSize}", StringComparison.Ordinal));
        await VerifyTargetAsync();
    }

    [Fact]
    public async Task Aria2_SixteenConnections_FileIsTheOriginsAndWasFetchedOnce()
    {
        using var cache = new TemporaryFolder();
        await using var node = await servers.StartNodeAsync(cache.Path);
        var before = await FetchedAsync(FilmServers.Large);

        await RunAsync(
            "aria2c", "-x16", "-s16", "-k1M", "--file-allocation=none", "--console-log-level=warn", "-d", _folder.Path, new Uri(node.Address, FilmServers.Large).ToString());

        await VerifyTargetAsync();
        Assert.Equal(0, await node.StopAsync(Now)); // so that nginx has logged all
        Assert.InRange(await FetchedAsync(FilmServers.Large) - before, FilmServers.LargeSize, FilmServers.LargeSize * 105 / 100);
    }

    [Fact]
    public async Task Ffmpeg_SeeksInAFilm_FramesAreTheOriginsAndTheRestWasNotFetched()
    {
        using var cache = new TemporaryFolder();
        await using var node = await servers.StartNodeAsync(cache.Path);
        var before = await FetchedAsync(FilmServers.Film);

        var throughProxy = await FramesAsync(new Uri(node.Address, FilmServers.Film).ToString(), "17.3");

        Assert.Equal(await FramesAsync(servers.FilmFile, "17.3"), throughProxy);
        Assert.InRange(throughProxy.Count(line => !line.StartsWith('#')), 24, 26); // one second
        Assert.Equal(0, await node.StopAsync(Now));
        Assert.InRange(await FetchedAsync(FilmServers.Film) - before, 1, new FileInfo(servers.FilmFile).Length / 4);
    }

    [Fact]
    public async Task Ffmpeg_PlaysTheWholeFilm_EveryFrameIsTheOrigins() =>
        Assert.Equal(
            await FramesAsync(servers.FilmFile, "0", seconds: "24"),
            await FramesAsync(new Uri(servers.Node.Address, FilmServers.Film).ToString(), "0", seconds: "24"));

    public void Dispose() => _folder.Dispose();

    private static async Task<IReadOnlyList<string>> FramesAsync(string input, string at, string seconds = "1")
    {
        var ffmpeg = await RunAsync(
            "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-ss", at, "-i", input, "-t", seconds, "-map", "0:v", "-f", "framemd5", "-");
        return ffmpeg.Lines;
    }

    private static async Task<ChildProcess> RunAsync(string program, params string[] arguments)
    {
        var process = await ChildProcess.RunAsync(program, arguments, Now);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{string.Join('\n', process.Lines)}");
        return process;
    }

    private async Task VerifyTargetAsync()
    {
        await using var file = File.OpenRead(Target);
        await TestData.VerifyAsync(1, 0, FilmServers.LargeSize, file, Now);
    }

    /// <summary>Total body bytes that nginx sent of a file.</summary>
    private async Task<long> FetchedAsync(string name) =>
        (await servers.Nginx.RequestsAsync(Now)).Where(request => request.Path == "/" + name).Sum(request => request.BodyBytes);
}
