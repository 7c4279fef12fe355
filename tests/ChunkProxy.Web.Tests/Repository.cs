namespace ChunkProxy.Web.Tests;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "ChunkProxy.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not lie in the repository that they were built from.");
    }
}
