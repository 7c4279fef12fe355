using ChunkProxy.Deploy.Tests.Settings;

namespace ChunkProxy.Deploy.Tests.Compose;

public sealed class ComposeFileTests
{
    private static ComposeFile File => ComposeFile.Read(("ORIGIN_URL", "http://origin.example/"));

    [Fact]
    public void EnvFile_SaysAllThatTheComposeFileTakes_AndNothingElse() =>
        Assert.Equal(ComposeFile.TakenVariables().Append("COMPOSE_PROFILES").Order(), ComposeFile.EnvFile().Keys.Order());

    [Fact]
    public void Members_AreReachedByTheNamesOfTheirServices_AndKeepTheirOwnDisks()
    {
        var caches = File.Processes.Where(process => process.Role == ProcessRole.Cache).ToArray();
        var services = File.Services.ToDictionary(entry => entry.Name, entry => entry.Service);

        Assert.Equal(3, caches.Length);
        Assert.All(caches, cache => Assert.Equal($"{cache.Name}:7070", cache.Settings["ChunkProxy__PoolAddr"]));
        Assert.Equal(
            caches.Select(cache => $"{cache.Name}-disk:/home/app"),
            caches.Select(cache => Assert.Single(ComposeFile.List(services[cache.Name]["volumes"]))));
    }

    [Fact]
    public void Ports_OnlyTheFrontEndHasOne() =>
        Assert.Equal("web", Assert.Single(File.Services, entry => entry.Service.ContainsKey("ports")).Name);

    [Fact]
    public void Operators_AreAnsweredOnThisHostAlone() =>
        Assert.Equal(
            ["8080:8080", "127.0.0.1:9090:9090"],
            ComposeFile.List(File.Services.Single(entry => entry.Name == "web").Service["ports"]));

    [Fact]
    public void Keys_AreFiles()
    {
        Assert.All(File.Processes, process => Assert.Equal("/run/secrets/pool-key", process.Settings["ChunkProxy__PoolKeyFile"]));
        Assert.All(File.Processes, process => Assert.DoesNotContain("ChunkProxy__PoolKey", process.Settings));
        Assert.All(File.Processes, process => Assert.Equal("/run/secrets/etcd-password", process.Settings["ChunkProxy__Etcd__PasswordFile"]));
        Assert.All(File.Processes, process => Assert.DoesNotContain("ChunkProxy__Etcd__Password", process.Settings));
        Assert.All(File.Processes, process => Assert.DoesNotContain("ChunkProxy__AdminKey", process.Settings));
    }

    [Fact]
    public void Services_ComeBackAfterACrash() =>
        Assert.All(File.Services, entry => Assert.Equal("unless-stopped", entry.Service["restart"]));

    [Fact]
    public void Redis_IsThereOnRequest_AndItsUsersHaveThePassword()
    {
        var with = ComposeFile.Read(("ORIGIN_URL", "http://origin.example/"), ("REDIS", "superhot:6379,password=p"), ("REDIS_PASSWORD", "p"));

        var redis = with.Services.Single(entry => entry.Name == "superhot").Service;
        Assert.Equal(["redis"], ComposeFile.List(redis["profiles"]));
        Assert.Equal("p", ComposeFile.Map(redis["environment"])["REDIS_PASSWORD"]);
        Assert.All(with.Processes, process => Assert.Equal("superhot:6379,password=p", process.Settings["ConnectionStrings__superhot"]));
        Assert.All(File.Processes, process => Assert.DoesNotContain("ConnectionStrings__superhot", process.Settings));
    }
}
