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

    /// <summary>All processes that were started with this environment variable.</summary>
    public static IReadOnlyList<int> WithVariable(string name, string value) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process > 0 && Strings(process, "environ").Contains($"{name}={value}")),
    ];

    /// <summary>The command line of a process, its parts separated by spaces.</summary>
    public static string CommandOf(int process) => string.Join(' ', Strings(process, "cmdline"));

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

    private static string[] Strings(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // it has ended, or is another user's
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
