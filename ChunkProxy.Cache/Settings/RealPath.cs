namespace ChunkProxy.Cache.Settings;

/// <summary>The path of a directory without links.</summary>
internal static class RealPath
{
    // As Linux: more links are a circle.
    private const int MostLinks = 40;

    /// <summary>Returns the full path with every link on the way replaced by its target. What does not exist stays as it is.</summary>
    public static string Of(string path)
    {
        var links = 0;
        return Of(path, ref links);
    }

    private static string Of(string path, ref int links)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var name in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, name);
            real = new FileInfo(next).LinkTarget is { } target && links++ < MostLinks ? Of(Path.Combine(real, target), ref links) : next;
        }

        return real;
    }
}
