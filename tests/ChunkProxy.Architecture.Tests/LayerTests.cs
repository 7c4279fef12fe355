namespace ChunkProxy.Architecture.Tests;

/// <summary>A folder uses folders of lower layers only. So no two folders use each other, and no folders form a cycle.</summary>
public sealed class LayerTests
{
    // Uses that are still to be cut: project, folder, folder that it uses.
    private static readonly (string Project, string From, string To)[] Exceptions = [];

    public static TheoryData<string> Projects => [Project.Cache.Name, Project.Web.Name];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folder_OfProject_UsesLowerLayersOnly(string name)
    {
        var project = Project.Named(name);

        var upward = FolderUse.AllOf(project)
            .Where(use => !(project.LayerOf(use.To) < project.LayerOf(use.From)))
            .Where(use => !Exceptions.Contains((name, use.From, use.To)))
            .Select(use => $"{use.From} may not use {use.To}: {use.Example}")
            .ToList();

        Assert.True(upward.Count == 0, string.Join(Environment.NewLine, upward));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void File_OfProject_LiesInALayer(string name)
    {
        var project = Project.Named(name);

        Assert.DoesNotContain(SourceTree.FilesOf(name), file => project.LayerOf(SourceTree.FolderOf(file)) is null);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Layer_OfProject_NamesFoldersThatExist(string name)
    {
        var folders = SourceTree.FilesOf(name).Select(SourceTree.FolderOf);

        Assert.Empty(Project.Named(name).Layers.SelectMany(layer => layer).Except(folders));
    }

    [Theory]
    [InlineData("ChunkProxy.Cache", "ChunkProxy.Cache")]
    [InlineData("ChunkProxy.Web", "ChunkProxy.Web")]
    [InlineData("tests/ChunkProxy.Cache.Tests", "ChunkProxy.Cache.Tests")]
    [InlineData("tests/ChunkProxy.Web.Tests", "ChunkProxy.Web.Tests")]
    public void Namespace_OfFile_IsItsFolder(string folder, string root)
    {
        var elsewhere = SourceTree.FilesOf(folder)
            .Where(file => SourceTree.NamespaceOf(folder, file) is { } name
                && name != (SourceTree.FolderOf(file) is "." ? root : $"{root}.{SourceTree.FolderOf(file).Replace('/', '.')}"));

        Assert.Empty(elsewhere);
    }
}
