package dev.detour.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveNameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import javax.net.ssl.TrustManager;

/** The rules of the design that the compiler does not enforce, over the main classes of every module. */
@AnalyzeClasses(packages = "dev.detour", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> METERS = DescribedPredicate.describe(
            "classes named *Meters, and their nested ones",
            type -> type.getName().matches(".*Meters(\\$.*)?"));

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES =
            slices().matching("dev.detour.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule STATE_HAS_TYPED_FIELDS = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.netty.util.AttributeKey")
            .because("a channel's attributes are a map of anything: who sets them and when shows nowhere");

    @ArchTest
    static final ArchRule BREAKER_LIBRARY_STAYS_IN_HEALTH = noClasses()
            .that()
            .resideOutsideOfPackage("dev.detour.health..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.resilience4j..");

    @ArchTest
    static final ArchRule YAML_STAYS_IN_CONFIG = noClasses()
            .that()
            .resideOutsideOfPackage("dev.detour.config..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("tools.jackson.dataformat.yaml..");

    @ArchTest
    static final ArchRule ONLY_METERS_MEASURE = noClasses()
            .that(DescribedPredicate.not(METERS))
            .and()
            .resideOutsideOfPackage("dev.detour.app.serve")
            .and()
            .doNotHaveFullyQualifiedName("dev.detour.admin.MetricsRoute")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..")
            .because("logic tells observers what happened; what is counted of it is another matter");

    @ArchTest
    static final ArchRule DECISIONS_KNOW_NO_CHANNEL = noClasses()
            .that()
            .resideInAnyPackage("dev.detour.proxy.route..", "dev.detour.proxy.refuse..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "io.netty.bootstrap..", "io.netty.buffer..");

    @ArchTest
    static final ArchRule MIRROR_KNOWS_NO_NETTY = noClasses()
            .that()
            .resideInAPackage("dev.detour.mirror..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = classes()
            .that(DescribedPredicate.not(assignableTo(TrustManager.class)))
            .should(not(haveNameMatching(".*(Util|Utils|Manager|Helper|Impl)(\\$.*)?")));
}
