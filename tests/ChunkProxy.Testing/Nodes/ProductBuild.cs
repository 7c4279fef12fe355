namespace ChunkProxy.Testing.Nodes;

/// <summary>Finds the product's programs that were built together with the tests.</summary>
public static class ProductBuild
{
    // …/tests/<project>/bin/<configuration>/<framework>/
    private static readonly DirectoryInfo Here = new(AppContext.BaseDirectory.TrimEnd('/'));

    /// <summary>The folder that contains the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Returns the path of a project's assembly, in the configuration of the tests.</summary>
    public static string Assembly(string project, string file)
    {
        var path = Path.Combine(Root, project, "bin", Here.Parent!.Name, Here.Name, file);
        return File.Exists(path) ? path : throw new FileNotFoundException($"Build {project} first.", path);
    }

    private static string FindRoot()
    {
        for (var folder = Here; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ChunkProxy.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No ChunkProxy.sln above {Here.FullName}.");
    }
}
