using System.Globalization;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>Processes and their children, from Linux's /proc.</summary>
internal static class ProcessTree
{
    /// <summary>A process and all below it: the orchestrator starts <c>dotnet run</c>, and that the program.</summary>
    public static IReadOnlyList<int> Of(int process)
    {
        var children = File.Exists($"/proc/{process}/task/{process}/children")
            ? Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(ChildrenOf).ToArray()
            : [];
        return [process, .. children.SelectMany(Of)];
    }

    /// <summary>Whether a process runs. One that has ended and was not yet waited for does not.</summary>
    public static bool IsAlive(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not 'Z';
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return false;
        }
    }

    private static IEnumerable<int> ChildrenOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToArray();
        }
        catch (IOException)
        {
            return []; // it has just ended
        }
    }
}
