using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Operations.Access;

/// <summary>Which requests the gate admits.</summary>
public sealed class AdminGateTests
{
    private const string Key = "correct-horse-battery";

    [Theory]
    [InlineData(nameof(AdminAccess.Probe), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Shell), nameof(AdminVerdict.PageIsClosed))]
    [InlineData(nameof(AdminAccess.Look), nameof(AdminVerdict.KeyMissing))]
    [InlineData(nameof(AdminAccess.PageKey), nameof(AdminVerdict.KeyNotTakenHere))]
    [InlineData(nameof(AdminAccess.Action), nameof(AdminVerdict.KeyMissing))]
    public void Judge_AddressOfClientsWithoutAKey_ProbesAlone(string access, string verdict)
    {
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key }, access));
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key, AdminKeyGuards = AdminKeyGuards.Everything }, access));
    }

    [Theory]
    [InlineData(nameof(AdminAccess.Probe), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Shell), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Look), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.PageKey), nameof(AdminVerdict.KeyNotTakenHere))]
    [InlineData(nameof(AdminAccess.Action), nameof(AdminVerdict.KeyMissing))]
    public void Judge_AddressOfClientsIsOpened_LookingIsFree(string access, string verdict) =>
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key, AdminKeyGuards = AdminKeyGuards.Actions }, access));

    [Theory]
    [InlineData(null, nameof(AdminAccess.Look), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminKeyGuards.Actions), nameof(AdminAccess.Look), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminKeyGuards.Everything), nameof(AdminAccess.Look), nameof(AdminVerdict.KeyMissing))]
    [InlineData(nameof(AdminKeyGuards.Everything), nameof(AdminAccess.Shell), nameof(AdminVerdict.Admitted))]
    [InlineData(null, nameof(AdminAccess.Action), nameof(AdminVerdict.KeyMissing))]
    [InlineData(null, nameof(AdminAccess.PageKey), nameof(AdminVerdict.KeyMissing))]
    public void Judge_OwnAddressWithoutAKey_LookingIsFreeUnlessGuarded(string? guards, string access, string verdict) => Assert.Equal(
        verdict,
        Judge(
            new AdminOptions { AdminKey = Key, AdminAddress = HostPort.Parse(":9090"), AdminKeyGuards = guards is null ? null : Enum.Parse<AdminKeyGuards>(guards) },
            access,
            isAtAdminAddress: true));

    [Theory]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("localhost:8080", true)]
    [InlineData("node.localhost", true)]
    [InlineData("LOCALHOST.", true)]
    [InlineData("cache.example:8080", true)]
    [InlineData("a.internal.example", true)]
    [InlineData("", true)]
    [InlineData("evil.example:8080", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("internal.example", false)]
    [InlineData("evilinternal.example", false)]
    public void Judge_HostOfAnotherName_MayNotLookWithoutTheKey(string host, bool isOwn)
    {
        var options = new AdminOptions { AdminKey = Key, AdminKeyGuards = AdminKeyGuards.Actions, AdminHosts = "cache.example, *.internal.example" };
        foreach (var access in new[] { nameof(AdminAccess.Look), nameof(AdminAccess.Shell) })
        {
            Assert.Equal(isOwn ? nameof(AdminVerdict.Admitted) : nameof(AdminVerdict.ForeignHost), Judge(options, access, host: host));
        }

        Assert.Equal(nameof(AdminVerdict.Admitted), Judge(options, nameof(AdminAccess.Look), "Bearer " + Key, host: host));
        Assert.Equal(nameof(AdminVerdict.Admitted), Judge(options, nameof(AdminAccess.Action), "Bearer " + Key, host: host));
        Assert.Equal(nameof(AdminVerdict.Admitted), Judge(options, nameof(AdminAccess.Probe), host: host));
    }

    [Fact]
    public void Judge_PageAtTheAddressOfClients_CannotUseTheKey()
    {
        var options = new AdminOptions { AdminKey = Key };
        Assert.Equal(nameof(AdminVerdict.KeyNotTakenHere), Judge(options, nameof(AdminAccess.Action), "Bearer " + Key, isFromPage: true));
        Assert.Equal(nameof(AdminVerdict.KeyNotTakenHere), Judge(options, nameof(AdminAccess.Look), "Bearer " + Key, isFromPage: true));
        Assert.Equal(nameof(AdminVerdict.Admitted), Judge(options, nameof(AdminAccess.Action), "Bearer " + Key));
        options.AdminAddress = HostPort.Parse(":9090");
        Assert.Equal(nameof(AdminVerdict.Admitted), Judge(options, nameof(AdminAccess.Action), "Bearer " + Key, isAtAdminAddress: true, isFromPage: true));
    }

    [Theory]
    [InlineData("Bearer " + Key, nameof(AdminVerdict.Admitted))]
    [InlineData("bearer  " + Key + " ", nameof(AdminVerdict.Admitted))]
    [InlineData("Bearer " + Key + "x", nameof(AdminVerdict.KeyWrong))]
    [InlineData("Bearer correct-horse-batterY", nameof(AdminVerdict.KeyWrong))]
    [InlineData("Bearer correct-horse-batter", nameof(AdminVerdict.KeyWrong))]
    [InlineData("Bearer", nameof(AdminVerdict.KeyWrong))]
    [InlineData("Bearer ", nameof(AdminVerdict.KeyWrong))]
    [InlineData("Basic " + Key, nameof(AdminVerdict.KeyWrong))]
    [InlineData(Key, nameof(AdminVerdict.KeyWrong))]
    [InlineData("Bearer " + Key + ", Bearer " + Key, nameof(AdminVerdict.KeyWrong))] // as two lines of the field arrive
    [InlineData("", nameof(AdminVerdict.KeyMissing))]
    public void Judge_Action_NeedsExactlyTheKey(string authorization, string verdict) =>
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key }, nameof(AdminAccess.Action), authorization));

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer " + Key)]
    public void Judge_NoKeyIsSet_NoActionIsPossible(string? authorization)
    {
        Assert.Equal(nameof(AdminVerdict.NoKeyIsSet), Judge(new AdminOptions(), nameof(AdminAccess.Action), authorization));
        Assert.Equal(nameof(AdminVerdict.NoKeyIsSet), Judge(new AdminOptions { AdminKey = "" }, nameof(AdminAccess.Action), authorization));
        Assert.Equal(nameof(AdminVerdict.LookingIsClosed), Judge(new AdminOptions(), nameof(AdminAccess.Look), authorization));
    }

    [Theory]
    [InlineData(nameof(AdminAccess.Probe), false, nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Shell), false, nameof(AdminVerdict.Elsewhere))]
    [InlineData(nameof(AdminAccess.Look), false, nameof(AdminVerdict.Elsewhere))]
    [InlineData(nameof(AdminAccess.Action), false, nameof(AdminVerdict.Elsewhere))]
    [InlineData(nameof(AdminAccess.Probe), true, nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Shell), true, nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Look), true, nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Action), true, nameof(AdminVerdict.Admitted))]
    public void Judge_AddressOfItsOwn_OnlyHealthElsewhere(string access, bool isAtAdminAddress, string verdict) =>
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key, AdminAddress = HostPort.Parse(":9090") }, access, "Bearer " + Key, isAtAdminAddress: isAtAdminAddress));

    private static string Judge(
        AdminOptions options, string access, string? authorization = null, bool isAtAdminAddress = false, string host = "127.0.0.1", bool isFromPage = false)
    {
        var wrapped = Options.Create(options);
        return new AdminGate(
                new AdminKey(wrapped),
                new OwnHosts(wrapped, Options.Create(new WebOptions())),
                new WrongKeyLog(TimeProvider.System, NullLogger<WrongKeyLog>.Instance),
                wrapped,
                NullLogger<AdminGate>.Instance)
            .Judge(Enum.Parse<AdminAccess>(access), new AdminRequest(isAtAdminAddress, authorization, new HostString(host), isFromPage))
            .ToString();
    }
}
