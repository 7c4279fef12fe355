using System.Globalization;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>curl and aria2, which are in the middle of a download: the origin holds back the rest of the file.</summary>
internal sealed class HeldDownloads : IAsyncDisposable
{
    private readonly VideoSite _site;
    private readonly ClusterMember _at;
    private readonly HeldFile _file;
    private readonly TemporaryFolder _folder = new();
    private readonly FolderWatch _ofCurl;
    private readonly FolderWatch _ofAria2;
    private ChildProcess? _curl;
    private ChildProcess? _aria2;

    private HeldDownloads(VideoSite site, ClusterMember at, string path)
    {
        _site = site;
        _at = at;
        _file = new HeldFile(site.Content.Media, path, seed: 40);
        _ofCurl = new FolderWatch(_folder.Combine("curl"));
        _ofAria2 = new FolderWatch(_folder.Combine("aria2"));
    }

    private string CurlFile => _folder.Combine("curl", "file");

    private string Aria2File => _folder.Combine("aria2", "file");

    /// <summary>Starts curl; returns when it has some bytes and waits for the others.</summary>
    public static async Task<HeldDownloads> StartAsync(VideoSite site, ClusterMember at, string path, CancellationToken cancellationToken)
    {
        var downloads = new HeldDownloads(site, at, path);
        downloads._curl = downloads.StartCurl();
        await downloads._ofCurl.UntilAsync(static it => it.Bytes > HeldFile.Size / 4, "curl has some bytes", cancellationToken);
        await downloads._file.WhenHeldAsync(cancellationToken);
        return downloads;
    }

    /// <summary>Starts aria2, which resumes by itself; returns when it has some bytes.</summary>
    public async Task AddAria2Async(CancellationToken cancellationToken)
    {
        _aria2 = ChildProcess.Start(
            "aria2c", [.. _site.Aria2Arguments(VideoSite.Films, resumes: true), "--disk-cache=0", "-d", Path.GetDirectoryName(Aria2File)!, "-o", "file", _site.UrlFor(_at, VideoSite.Films, _file.Path)]);
        await _ofAria2.UntilAsync(static it => it.Bytes > HeldFile.Size / 4, "aria2 has some bytes", cancellationToken);
    }

    /// <summary>Waits until curl is cut off, and starts it again: it waits for the member, and continues the file.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        Assert.NotEqual(0, await _curl!.WhenExitedAsync(cancellationToken));
        _curl = StartCurl([.. VideoSite.CurlRetries, "-C", "-", "-w", "%{http_code} %{size_download} of " + new FileInfo(CurlFile).Length.ToString(CultureInfo.InvariantCulture) + "\\n"]);
    }

    /// <summary>Lets the origin send the rest, and verifies the files.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _file.Release();
        foreach (var program in new[] { _curl, _aria2 }.OfType<ChildProcess>())
        {
            var code = await program.WhenExitedAsync(cancellationToken);
            Assert.True(code == 0, $"exit code {code}: {string.Join('\n', program.Lines)}");
        }

        await _file.VerifyAsync(CurlFile, cancellationToken);
        if (_aria2 is not null)
        {
            await _file.VerifyAsync(Aria2File, cancellationToken);
        }
    }

    /// <summary>Verifies that curl resumed, and got only what it lacked.</summary>
    public void VerifyResumed()
    {
        var words = _curl!.Lines[^1].Split(' ');
        Assert.Equal(("206", HeldFile.Size), (words[0], int.Parse(words[1], CultureInfo.InvariantCulture) + int.Parse(words[3], CultureInfo.InvariantCulture)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in new[] { _curl, _aria2 }.OfType<ChildProcess>())
        {
            await program.DisposeAsync();
        }

        _ofCurl.Dispose();
        _ofAria2.Dispose();
        _folder.Dispose();
    }

    private ChildProcess StartCurl(params IEnumerable<string> options) =>
        ChildProcess.Start("curl", [.. _site.CurlArguments(_at, VideoSite.Films), .. options, "-o", CurlFile, _site.UrlFor(VideoSite.Films, _file.Path)]);
}
