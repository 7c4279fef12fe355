namespace ChunkProxy.Architecture.Tests;

/// <summary>The tests of a folder lie in the folder of that name.</summary>
public sealed class TestFolderTests
{
    [Theory]
    [InlineData("tests/ChunkProxy.Cache.Tests", "ChunkProxy.Cache")]
    [InlineData("tests/ChunkProxy.Web.Tests", "ChunkProxy.Web")]
    public void Folder_OfTests_HasACounterpart(string tests, string project)
    {
        var folders = SourceTree.FilesOf(project).Select(SourceTree.FolderOf).ToList();

        var alone = SourceTree.FilesOf(tests)
            .Select(SourceTree.FolderOf)
            .Distinct()
            .Where(folder => !folders.Exists(counterpart => counterpart == folder || counterpart.StartsWith(folder + "/", StringComparison.Ordinal)));

        Assert.Empty(alone);
    }
}
