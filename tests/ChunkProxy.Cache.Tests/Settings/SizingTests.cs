using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Settings;

/// <summary>Budgets on machines of several sizes.</summary>
public sealed class SizingTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(24_576, 512, 16)]
    [InlineData(1152, 512, 16)]
    [InlineData(1024, 448, 16)]
    [InlineData(512, 192, 16)]
    [InlineData(300, 86, 9)]
    [InlineData(100, 16, 3)] // the least that works
    public void Start_NoSizes_FollowTheMemory(long memory, long chunks, long metadata)
    {
        var sizes = SizesOf(memory * MiB, 1000 * 1024 * MiB);

        Assert.Equal((ByteSize.MiB(chunks), ByteSize.MiB(metadata)), (sizes.MemoryBudget, sizes.MetadataBudget));
    }

    [Theory]
    [InlineData(10_000, 768)]
    [InlineData(500, 400)]
    [InlineData(20, 16)]
    [InlineData(19, 0)] // less than 16 chunks: no disk cache
    [InlineData(0, 0)]
    public void Start_NoSizes_FollowTheDisk(long space, long disk) =>
        Assert.Equal(ByteSize.MiB(disk), SizesOf(24_576 * MiB, space * MiB).DiskBudget);

    [Fact]
    public void Start_SizesGiven_AreTaken()
    {
        var sizes = SizesOf(300 * MiB, 100 * MiB, ("MemorySize", "200"), ("MetadataSize", "32"), ("DiskSize", "1GiB"));

        Assert.Equal((ByteSize.MiB(200), ByteSize.MiB(32), ByteSize.MiB(1024)), (sizes.MemoryBudget, sizes.MetadataBudget, sizes.DiskBudget));
        Assert.Equal(
            "the memory limit is 300MiB; memory of 200MiB (-size-m) and metadata of 32MiB (-size-s) leave 68MiB for the process, which takes about 128MiB under load. It may be killed; reduce -size-m",
            Sizing.MemoryWarning(sizes, 300 * MiB));
        Assert.Equal(
            "the disk cache may take 1GiB (-size-d), but its file system has 100MiB for it. When the disk is full, chunks are no longer written",
            Sizing.DiskWarning(sizes, 100 * MiB));
    }

    [Fact]
    public void Start_SeveralDirectories_TheDefaultFollowsTheirFreeSpaceAndAGivenTotalTheirSize()
    {
        // Two of the directories are on one file system.
        Dictionary<string, (long Space, FileSystem System)> machine = new()
        {
            ["/a"] = (100 * MiB, new FileSystem(1, 8000 * MiB)),
            ["/b"] = (200 * MiB, new FileSystem(2, 2000 * MiB)),
            ["/c"] = (200 * MiB, new FileSystem(2, 2000 * MiB)),
        };
        CacheOptions Sizes(params (string, string)[] settings) =>
            SizesOf(new MachineLimits(24_576 * MiB, it => SpaceOf(machine[it].Space), openFiles: 20_000, it => machine[it].System), [.. settings, ("Dir", "/a,/b, /c")]);

        var byDefault = Sizes();
        Assert.Equal(ByteSize.MiB(240), byDefault.DiskBudget); // four fifths of 300 MiB
        Assert.Equal([80 * MiB, 80 * MiB, 80 * MiB], byDefault.DirectoryBudgets);

        var given = Sizes(("DiskSize", "1000MiB"));
        Assert.Equal([800 * MiB, 100 * MiB, 100 * MiB], given.DirectoryBudgets);
        Assert.Equal(
            "the disk cache may take 800MiB in /a, its share of -size-d, but the file system has 100MiB for it. When it is full, chunks go to the other directories",
            Sizing.DiskWarning("/a", 800 * MiB, 100 * MiB));
        Assert.Null(Sizing.DiskWarning("/a", 800 * MiB, 800 * MiB));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Start_OneOfSeveralDirectoriesIsNotThere_ItsPartIsTheAverage(bool isOnTheDiskOfAnother)
    {
        using var folder = new TemporaryFolder();
        string[] directories = [folder.Combine("a"), folder.Combine("b"), folder.Combine("away")];
        Directory.CreateDirectory(directories[0]);
        Directory.CreateDirectory(directories[1]);
        FileSystem?[] systems = [new(1, 8000 * MiB), new(2, 4000 * MiB), new(isOnTheDiskOfAnother ? 1 : 3UL, 100 * MiB)]; // without its disk: the system's own
        var machine = new MachineLimits(24_576 * MiB, it => SpaceOf(systems[Array.IndexOf(directories, it)]?.Capacity / 100), openFiles: 20_000, it => systems[Array.IndexOf(directories, it)]);

        Assert.Equal([400 * MiB, 200 * MiB, 300 * MiB], SizesOf(machine, ("Dir", string.Join(',', directories)), ("DiskSize", "900MiB")).DirectoryBudgets);
        Assert.Equal([64 * MiB, 32 * MiB, 48 * MiB], SizesOf(machine, ("Dir", string.Join(',', directories))).DirectoryBudgets); // four fifths of 80 MiB, 40 MiB and the average
    }

    [Fact]
    public void Start_OneOfSeveralFileSystemsIsUnknown_ItsPartIsTheAverage()
    {
        Assert.Equal([200, 400, 300], DiskShares.Split(900, [1000, 2000, null]));
        Assert.Equal([300, 300, 300], DiskShares.Split(900, [null, null, null]));
        Assert.Equal([0, 900], DiskShares.Split(900, [0, 5]));
        Assert.Equal([4L << 40, 4L << 40], DiskShares.Split(8L << 40, [20L << 40, 20L << 40])); // TiB
    }

    [Fact]
    public void Start_SizesThatFit_WarnOfNothing()
    {
        var sizes = SizesOf(300 * MiB, 1024 * MiB);

        Assert.Null(Sizing.MemoryWarning(sizes, 300 * MiB));
        Assert.Null(Sizing.DiskWarning(sizes, 1024 * MiB));
        Assert.Null(Sizing.DiskWarning(sizes, space: null));
    }

    [Fact]
    public void Start_MoreMemoryThanThereIs_IsRefusedWithTheArithmetic()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => SizesOf(300 * MiB, 1024 * MiB, ("MemorySize", "512")));

        Assert.Equal(
            "ChunkProxy:MemorySize: 512MiB does not fit: the memory limit is 300MiB, and object metadata takes 9MiB of it", Assert.Single(failure.Failures));
    }

    private static CacheOptions SizesOf(long memory, long space, params (string Key, string Value)[] settings) =>
        SizesOf(new MachineLimits(memory, _ => SpaceOf(space), openFiles: 20_000), settings);

    private static DiskSpace? SpaceOf(long? bytes) => bytes is { } known ? new DiskSpace(known, known) : null;

    private static CacheOptions SizesOf(MachineLimits machine, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ChunkProxy:Url", "http://origin.example/")])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("ChunkProxy:" + setting.Key, (string?)setting.Value)))
            .Build();
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(machine)
            .AddChunkCache()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<CacheOptions>>().Value;
    }
}
