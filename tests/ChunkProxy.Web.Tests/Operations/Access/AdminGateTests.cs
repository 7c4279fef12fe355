using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Operations.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Operations.Access;

/// <summary>Which requests the gate admits.</summary>
public sealed class AdminGateTests
{
    private const string Key = "correct-horse-battery";

    [Theory]
    [InlineData(nameof(AdminAccess.Probe), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Shell), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Look), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Action), nameof(AdminVerdict.KeyMissing))]
    public void Judge_NoKeyGiven_ActionsAreRefused(string access, string verdict) =>
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key }, access, authorization: null));

    [Theory]
    [InlineData(nameof(AdminAccess.Probe), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Shell), nameof(AdminVerdict.Admitted))]
    [InlineData(nameof(AdminAccess.Look), nameof(AdminVerdict.KeyMissing))]
    [InlineData(nameof(AdminAccess.Action), nameof(AdminVerdict.KeyMissing))]
    public void Judge_EverythingGuarded_LookingIsRefusedToo(string access, string verdict) =>
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key, AdminKeyGuards = AdminKeyGuards.Everything }, access, authorization: null));

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
        Assert.Equal(nameof(AdminVerdict.Admitted), Judge(new AdminOptions(), nameof(AdminAccess.Look), authorization));
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
        Assert.Equal(verdict, Judge(new AdminOptions { AdminKey = Key, AdminAddress = HostPort.Parse(":9090") }, access, "Bearer " + Key, isAtAdminAddress));

    private static string Judge(AdminOptions options, string access, string? authorization, bool isAtAdminAddress = false)
    {
        var wrapped = Options.Create(options);
        return new AdminGate(
                new AdminKey(wrapped), new WrongKeyLog(TimeProvider.System, NullLogger<WrongKeyLog>.Instance), wrapped, NullLogger<AdminGate>.Instance)
            .Judge(Enum.Parse<AdminAccess>(access), isAtAdminAddress, authorization)
            .ToString();
    }
}
