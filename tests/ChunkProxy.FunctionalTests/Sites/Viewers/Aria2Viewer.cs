using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Sites.Viewers;

/// <summary>aria2, which downloads a file over several connections in each round.</summary>
internal sealed class Aria2Viewer(VideoSite site, string name, Func<ClusterMember> member, SiteFile file) : ToolViewer(site, name, member)
{
    private const string Output = "download";

    public override bool ReadsPurged => false;

    protected override void Begin()
    {
        File.Delete(Folder.Combine(Output));
        File.Delete(Folder.Combine(Output + ".aria2"));
    }

    protected override async Task<string?> TryAsync(ClusterMember at, bool isResumed, CancellationToken cancellationToken)
    {
        var aria2 = await ChildProcess.RunAsync(
            "aria2c", [.. Site.Aria2Arguments(file.Host, resumes: isResumed), "-d", Folder.Path, "-o", Output, Site.UrlFor(at, file.Host, file.Path)], cancellationToken);
        if (aria2.ExitCode != 0)
        {
            return Describe(aria2);
        }

        var bytes = await File.ReadAllBytesAsync(Folder.Combine(Output), cancellationToken);
        return file.FaultOf(file.Seeds, 0, file.Size, bytes) is { } fault ? throw new WrongBytesException(fault) : null;
    }
}
