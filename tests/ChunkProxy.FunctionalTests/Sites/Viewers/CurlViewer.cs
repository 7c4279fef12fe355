using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Sites.Viewers;

/// <summary>curl, which reads a random range of one of the files in each round.</summary>
internal sealed class CurlViewer(VideoSite site, string name, Func<ClusterMember> member, IReadOnlyList<SiteFile> files, bool readsPurged) : ToolViewer(site, name, member)
{
    private readonly Random _random = new(name.Length);
    private SiteFile _file = files[0];
    private int _start;
    private int _length;
    private IEnumerable<long> _seeds = [];

    public override bool ReadsPurged => readsPurged;

    protected override void Begin()
    {
        _file = files[_random.Next(files.Count)];
        _start = _random.Next(_file.Size);
        _length = _random.Next(1, _file.Size - _start + 1);
        _seeds = _file.Seeds;
    }

    protected override async Task<string?> TryAsync(ClusterMember at, bool isResumed, CancellationToken cancellationToken)
    {
        var output = Folder.Combine("range");
        var curl = await ChildProcess.RunAsync(
            "curl",
            [
                .. Site.CurlArguments(at, _file.Host), .. isResumed ? VideoSite.CurlRetries : [], "-r", $"{_start}-{_start + _length - 1}", "-o", output,
                Site.UrlFor(_file.Host, _file.Path),
            ],
            cancellationToken);
        if (curl.ExitCode != 0)
        {
            return Describe(curl);
        }

        var bytes = await File.ReadAllBytesAsync(output, cancellationToken);
        return _file.FaultOf(_seeds.Concat(_file.Seeds), _start, _length, bytes) is { } fault ? throw new WrongBytesException(fault) : null;
    }
}
