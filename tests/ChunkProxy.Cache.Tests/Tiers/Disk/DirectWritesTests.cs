using System.IO.MemoryMappedFiles;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DirectWritesTests : IDisposable
{
    private const int BufferSize = DirectWrites.BufferSize;

    private readonly string _folder = Directory.CreateTempSubdirectory("chunkproxy-direct-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, DirectWrites.ShortestFile)]
    [InlineData(4096, 1024 * 1024)]
    [InlineData(1234, 1024 * 1024)]
    [InlineData(1234, (1024 * 1024) + 1)]
    [InlineData(100, BufferSize - 100)]
    [InlineData(100, BufferSize - 99)]
    [InlineData(100, (2 * BufferSize) - 101)]
    [InlineData(70_000, 5_000_001)]
    public void Write_AnyLength_FileHasExactlyTheBytes(int headLength, int bodyLength)
    {
        var bytes = new byte[headLength + bodyLength];
        new Random(headLength + bodyLength).NextBytes(bytes);
        var files = new DiskFiles();
        var path = Path.Combine(_folder, "file");

        for (var round = 0; round < 2; round++) // the second write reuses the buffer
        {
            files.Write(path, [bytes.AsMemory(0, headLength), bytes.AsMemory(headLength)]);

            Assert.True(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path)));
            bytes.AsSpan().Reverse();
        }
    }

    [Theory]
    [InlineData(4096, 1024 * 1024)]
    [InlineData(4096, (1024 * 1024) - 1)]
    [InlineData(4096, 64 * 1024)]
    [InlineData(100, 1024 * 1024)]
    [InlineData(BufferSize, 100_000)]
    [InlineData(BufferSize + 4096, 100_000)]
    public void Write_ChunkInTheMemoryTier_FileHasExactlyTheBytes(int headLength, int length)
    {
        var chunk = TestChunks.Version("/film.mp4", length, Math.Max(length, 64 * 1024)).Chunk(0);
        var buffer = TestChunks.BufferOf(chunk);
        var head = new byte[headLength];
        new Random(headLength).NextBytes(head);
        var path = Path.Combine(_folder, "chunk");
        using (var other = PrivateFile.Create(Path.Combine(_folder, "other")))
        {
            Assert.SkipUnless(new DirectWrites().TryWrite(other, [new byte[DirectWrites.ShortestFile]]), "This file system has no direct writes.");
        }

        using (var file = PrivateFile.Create(path))
        {
            Assert.True(new DirectWrites().TryWrite(file, [head, buffer.Memory]));
        }

        buffer.Release();
        Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual([.. head, .. TestChunks.BytesOf(chunk)]));
    }

    [Fact]
    public void TryWrite_ShortFile_IsLeftToTheCaller()
    {
        using var file = PrivateFile.Create(Path.Combine(_folder, "short"));

        Assert.False(new DirectWrites().TryWrite(file, [new byte[DirectWrites.ShortestFile - 1]]));
        Assert.Equal(0, RandomAccess.GetLength(file));
    }

    [Fact]
    public void TryWrite_OrdinaryFileSystem_BypassesThePageCache()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Direct writes are for Linux.");
        var path = Path.Combine(_folder, "large");
        using (var file = PrivateFile.Create(path))
        {
            Assert.SkipUnless(new DirectWrites().TryWrite(file, [new byte[1024 * 1024]]), "This file system has no direct writes.");
        }

        // Not by a read that must not wait: the kernel reads ahead first, and a fast disk is done before it looks.
        using var written = MemoryMappedFile.CreateFromFile(path);
        using var view = written.CreateViewAccessor();
        Assert.Equal(0, ResidentPages.BytesIn(view.SafeMemoryMappedViewHandle.DangerousGetHandle(), (int)view.Capacity));
    }
}
